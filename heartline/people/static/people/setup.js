/** Set-up on a phone: the rooms are a strip that scrolls; bring the one we are in into view. */

document.querySelector(".side-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
