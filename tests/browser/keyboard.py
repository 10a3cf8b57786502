"""Moving by keyboard, and seeing where one is: through the shadow of our elements."""

from playwright.sync_api import Page

ACTIVE = """() => {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  return at;
}"""


def active_matches(page: Page, selector: str) -> bool:
    """Whether the element with the focus is such a one."""
    return bool(page.evaluate(f"(selector) => ({ACTIVE})()?.matches(selector) ?? false", selector))


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until an element that matches has the focus."""
    for _ in range(most):
        if active_matches(page, selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(
        f"Tab does not lead to {selector}; it stands on {page.evaluate(f'({ACTIVE})()?.outerHTML')}"
    )


def where(page: Page) -> tuple[int, int, bool]:
    """Number of the picture, its presentation time, and whether the browser says that it is on the screen."""
    frame, pts, confirmed = page.evaluate(
        """() => {
          const bench = document.querySelector("videtur-workbench").renderRoot;
          const read = (selector) => bench.querySelector("videtur-player").renderRoot.querySelector(selector);
          return [read("[data-frame]").textContent, read("[data-pts]").textContent,
                  read("[data-confirmed]").dataset.confirmed];
        }"""
    )
    return int(frame), int(pts), confirmed == "true"


def number_on_screen(page: Page, digits: int, width: int, band: int) -> int:
    """The number that the picture itself carries, read from what the video element shows."""
    return int(
        page.evaluate(
            """([digits, width, band]) => {
              const bench = document.querySelector("videtur-workbench").renderRoot;
              const video = bench.querySelector("videtur-player").renderRoot.querySelector("video");
              const canvas = document.createElement("canvas");
              canvas.width = width;
              canvas.height = Math.round(width * video.videoHeight / video.videoWidth);
              const context = canvas.getContext("2d", { willReadFrequently: true });
              context.drawImage(video, 0, 0, canvas.width, canvas.height);
              let number = 0;
              for (let digit = 0; digit < digits; digit += 1) {
                const x = Math.round((digit + 0.5) * width / digits);
                const [red] = context.getImageData(x, Math.round(band / 2), 1, 1).data;
                number = number * 2 + (red > 128 ? 1 : 0);
              }
              return number;
            }""",
            [digits, width, band],
        )
    )
