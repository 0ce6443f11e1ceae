// Without this file every page works; with it numbers stay fresh and text can be copied.
"use strict";

document.documentElement.classList.add("has-script");

// On a phone the navigation scrolls.
document.querySelector("nav a[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const usually = 10_000;
const soon = 2_000;
const refreshed = document.querySelector("[data-refreshed]");

// A region stays as it is while somebody uses it.
const isInUse = region => region.contains(document.activeElement) || region.querySelector("details[open]") !== null;

async function refresh() {
    if (document.hidden || document.querySelector("[data-live]") === null)
        return;
    try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
        if (answer.type === "opaqueredirect") {
            location.reload();
            return;
        }
        if (!answer.ok)
            throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const region of document.querySelectorAll("[data-live]")) {
            const fresh = page.getElementById(region.id);
            if (fresh !== null && !isInUse(region) && fresh.innerHTML !== region.innerHTML)
                region.replaceChildren(...fresh.childNodes);
            if (fresh !== null)
                region.dataset.live = fresh.dataset.live;
        }
        if (refreshed !== null)
            refreshed.textContent = `Refreshed ${new Date().toISOString().slice(11, 19)}.`;
    } catch {
        if (refreshed !== null)
            refreshed.textContent = "The process does not answer; what is shown may be old.";
    }
}

(async function again() {
    const wait = document.querySelector("[data-live='soon']") === null ? usually : soon;
    await new Promise(done => setTimeout(done, wait));
    await refresh();
    again();
})();
document.addEventListener("visibilitychange", refresh);

document.addEventListener("click", async event => {
    const button = event.target.closest("[data-copy]");
    if (button === null)
        return;
    const source = document.getElementById(button.dataset.copy);
    const said = button.textContent;
    try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
    } catch {
        getSelection().selectAllChildren(source);
        button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => button.textContent = said, 2000);
});
