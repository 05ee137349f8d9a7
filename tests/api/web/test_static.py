from api.config import ApiConfig
from tests.api.browser import Browser


async def test_a_file_whose_name_changes_with_its_content_is_kept_for_ever(browser: Browser, config: ApiConfig) -> None:
    config.assets.mkdir(exist_ok=True)
    for name, kept in (("shell-0A1B2C3D.js", "public, max-age=31536000, immutable"), ("plain.js", "no-cache")):
        (config.assets / name).write_text("//")
        answer = await browser.get(f"/static/dist/{name}")
        assert (answer.status, answer.headers["Cache-Control"]) == (200, kept)


async def test_a_page_names_the_files_of_the_newest_build(browser: Browser, config: ApiConfig) -> None:
    config.assets.mkdir(exist_ok=True)
    manifest = config.assets / "manifest.json"
    manifest.write_text('{"login.js": "/static/dist/login-AAAAAAAA.js"}')
    assert "/static/dist/login-AAAAAAAA.js" in (await browser.get("/login")).text
    manifest.unlink()
    assert "/static/dist/login.js" in (await browser.get("/login")).text
