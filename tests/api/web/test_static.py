import gzip

from aiohttp import ClientSession

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


async def test_whoever_accepts_it_gets_the_compressed_file_with_a_tag_of_its_own(
    browser: Browser, config: ApiConfig
) -> None:
    config.assets.mkdir(exist_ok=True)
    plain, brotli, zipped = b"// plain", b"as if by brotli", gzip.compress(b"// plain")
    for ending, content in (("", plain), (".br", brotli), (".gz", zipped)):
        (config.assets / f"coded-0A1B2C3D.js{ending}").write_bytes(content)
    tags = set()
    async with ClientSession(browser.address, auto_decompress=False) as raw:
        for accepts, coding, length in (
            ("gzip, deflate, br, zstd", "br", len(brotli)),
            ("gzip, br;q=0", "gzip", len(zipped)),
            ("gzip;q=0.0", None, len(plain)),
            ("identity", None, len(plain)),
        ):
            headers = {"Accept-Encoding": accepts}
            answer = await raw.get("/static/dist/coded-0A1B2C3D.js", headers=headers)
            assert answer.status == 200
            assert answer.headers.get("Content-Encoding") == coding
            assert answer.headers["Content-Length"] == str(length)
            assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert "immutable" in answer.headers["Cache-Control"]
            again = headers | {"If-None-Match": answer.headers["ETag"]}
            known = await raw.get("/static/dist/coded-0A1B2C3D.js", headers=again)
            assert (known.status, known.headers["Vary"]) == (304, "Accept-Encoding")
            tags.add(answer.headers["ETag"])
    assert len(tags) == 3


async def test_a_compressed_file_has_no_address_of_its_own(browser: Browser, config: ApiConfig) -> None:
    config.assets.mkdir(exist_ok=True)
    (config.assets / "plain.js.gz").write_bytes(gzip.compress(b"//"))
    assert (await browser.get("/static/dist/plain.js.gz")).status == 404


async def test_what_the_build_did_not_compress_is_served_as_it_is(browser: Browser, config: ApiConfig) -> None:
    config.assets.mkdir(exist_ok=True)
    (config.assets / "font-0A1B2C3D.woff2").write_bytes(b"font")
    answer = await browser.get("/static/dist/font-0A1B2C3D.woff2", headers={"Accept-Encoding": "br"})
    assert (answer.status, "Content-Encoding" in answer.headers, "Vary" in answer.headers) == (200, False, False)
