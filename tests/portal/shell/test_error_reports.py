"""An error that no part of the page has caught is told to the server."""

from db.accounts.accounts import NewAccount
from tests.portal.desk import Desk
from tests.support.centre import Centre


async def test_an_error_in_the_page_is_told_once(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    await centre.add_queue([agent])
    await desk.ready(agent)
    async with desk.page.expect_request("**/api/v1/browser-errors") as asked:
        await desk.page.evaluate("setTimeout(() => { throw new TypeError('broken') })")
    request = await asked.value
    assert request.post_data_json == {
        "name": "TypeError",
        "message": "Uncaught TypeError: broken",
        "places": [],
        "page": "/",
    }
    answer = await request.response()
    assert answer is not None
    assert answer.status == 200
    async with desk.page.expect_request("**/api/v1/browser-errors") as asked:
        await desk.page.evaluate("setTimeout(() => { throw new TypeError('broken') })")
        await desk.page.evaluate("void Promise.reject(new RangeError('another'))")
    another = (await asked.value).post_data_json
    assert another is not None
    assert another["name"] == "RangeError"
