from pathlib import Path

from playwright.async_api import Page

from tests.phones.audio import tones_in, write_tone
from tests.phones.browser import Ear, open_page, start_browser

_ADDRESS = "https://loop.example/"
_LOOP = """<!doctype html><audio autoplay></audio><script>
async function call(played) {
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  const near = new RTCPeerConnection(), far = new RTCPeerConnection();
  near.onicecandidate = (event) => event.candidate && far.addIceCandidate(event.candidate);
  far.onicecandidate = (event) => event.candidate && near.addIceCandidate(event.candidate);
  far.ontrack = (event) => { if (played) document.querySelector("audio").srcObject = event.streams[0]; };
  for (const track of microphone.getTracks()) near.addTrack(track, microphone);
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription);
}
</script>"""


async def test_the_microphones_tone_passes_a_call_and_is_heard_in_the_page(tmp_path: Path) -> None:
    microphone = write_tone(tmp_path / "microphone.wav", 660, seconds=5)
    async with start_browser(microphone) as browser, open_page(browser) as page:
        await _load(page)
        await page.evaluate("call(true)")
        ear = Ear(page)
        await ear.wait_for_tone(660)
        assert await ear.tracks() == 1
        assert not (await ear.tones([440]))[440]
        assert tones_in(await ear.save(tmp_path / "heard.wav"), [660])[660]


async def test_a_page_that_does_not_play_the_call_hears_nothing(tmp_path: Path) -> None:
    microphone = write_tone(tmp_path / "microphone.wav", 660, seconds=5)
    async with start_browser(microphone) as browser, open_page(browser) as page:
        await _load(page)
        await page.evaluate("call(false)")
        ear = Ear(page)
        await ear.listen(2)
        assert not (await ear.tones([660]))[660]


async def _load(page: Page) -> None:
    await page.route(_ADDRESS, lambda route: route.fulfill(content_type="text/html", body=_LOOP))
    await page.goto(_ADDRESS)
