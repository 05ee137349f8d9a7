// Where an icon's drawing is: in the file of all icons, and soon in the page itself.

const PREFIX = "icon-";

let kept = false;

/** What a `use` element refers to. */
export function spriteAddress(name: string): string {
  return kept ? `#${PREFIX}${name}` : `${document.documentElement.dataset.icons ?? ""}#${name}`;
}

/** Takes all drawings into the page: an icon may be needed for the first time when the connection is lost. */
export async function keepSprite(): Promise<void> {
  try {
    const answer = await fetch(document.documentElement.dataset.icons ?? "");
    if (!answer.ok) return;
    const sprite = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
    for (const symbol of sprite.querySelectorAll("symbol")) symbol.id = PREFIX + symbol.id;
    sprite.setAttribute("class", "sprite");
    sprite.setAttribute("aria-hidden", "true");
    document.body.append(document.importNode(sprite, true));
    kept = true;
  } catch (error) {
    console.warn("icons stay in their file", error);
  }
}
