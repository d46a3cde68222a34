/* check.js - looks at pages as a browser has laid them out, and says what a reader would stumble over.
 *
 * tests/browser/check.sh puts each page into a frame of a known width (title "NAME 390") of one page, which this script is in.
 * Its findings, a line each that begins with the page's name, become that page's text; a page without one "passes". */
"use strict";

const LEAST_CONTRAST = 4.5;          /* WCAG 2.2, 1.4.3 */
const LEAST_LARGE_CONTRAST = 3;      /* of text of 24 px, or 18.66 px and bold */
const SLACK_PX = 1;

const shortened = text => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 60));
const overlap = (a, b, slack) => a.left < b.right - slack && b.left < a.right - slack && a.top < b.bottom - slack &&
                                 b.top < a.bottom - slack;

/* ---- contrast ---- */

/* "rgb(1, 2, 3)" or "rgba(1, 2, 3, 0.5)" */
function colour(css) {
    const n = (css.match(/[\d.]+/g) || ["0", "0", "0", "0"]).map(Number);
    return {rgb: n.slice(0, 3), alpha: n.length > 3 ? n[3] : css === "none" ? 0 : 1};
}

function over(front, back) { return front.rgb.map((x, i) => x * front.alpha + back[i] * (1 - front.alpha)); }

function luminance(rgb) {
    const linear = rgb.map(x => x / 255).map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function contrast(a, b) {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
}

/* What lies behind an element of a page: colours of those it is in, on white. */
function background(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement)
        layers.push(colour(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
}

/* What lies behind the middle of a text of a picture: of the shapes that are filled there the last one before it. */
function backgroundOfText(svg, text) {
    const box = text.getBBox();
    let below = background(svg);
    for (const shape of svg.querySelectorAll("rect, path, circle, text")) {
        if (shape === text)
            break;
        const fill = colour(getComputedStyle(shape).fill);
        const point = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
        if (shape.tagName !== "text" && !shape.closest("clipPath") && fill.alpha > 0 && shape.isPointInFill(point))
            below = over(fill, below);
    }
    return below;
}

function checkContrast(what, front, back, size_px, bold, found) {
    const least = size_px >= 24 || (bold && size_px >= 18.66) ? LEAST_LARGE_CONTRAST : LEAST_CONTRAST;
    const is = contrast(over(front, back), back);
    if (is < least)
        found(`contrast of ${what} is ${is.toFixed(1)}, not ${least}`);
}

/* ---- pictures ---- */

/* Where the ink of a text may be: capitals are 0.73 em high in most fonts, descenders 0.21 em. */
function inkOf(text) {
    const box = text.getBBox(), em = parseFloat(getComputedStyle(text).fontSize);
    const baseline = parseFloat(text.getAttribute("y"));
    return {left: box.x, right: box.x + box.width, top: baseline - 0.73 * em,
            bottom: baseline + (/[gjpqy,;()|/]/.test(text.textContent) ? 0.21 * em : 0)};
}

function clipOf(text) {
    const group = text.closest("[clip-path]");
    const id = group && group.getAttribute("clip-path").replace(/url\("?|"?\)/g, "");
    const rect = group && group.ownerDocument.querySelector(`${id} rect`);
    const n = rect && ["x", "y", "width", "height"].map(name => parseFloat(rect.getAttribute(name)));
    return n && {left: n[0], top: n[1], right: n[0] + n[2], bottom: n[1] + n[3]};
}

function checkPicture(svg, found) {
    const view = svg.viewBox.baseVal, slack = 0.1;
    const whole = {left: view.x, top: view.y, right: view.x + view.width, bottom: view.y + view.height};
    const texts = [...svg.querySelectorAll("text")].map(text => ({text, ink: inkOf(text), name: shortened(text.textContent)}));
    const outside = (a, b) => a.left < b.left - slack || a.right > b.right + slack || a.top < b.top - slack ||
                              a.bottom > b.bottom + slack;

    if (svg.getAttribute("role") !== "img" || !(svg.getAttribute("aria-label") || svg.querySelector(":scope > title")))
        found("a picture without alternative text");
    texts.sort((a, b) => a.ink.left - b.ink.left);
    texts.forEach(({text, ink, name}, i) => {
        const style = getComputedStyle(text), clip = clipOf(text);
        if (outside(ink, whole) || (clip && outside(ink, clip)))
            found(`label ${name} is cut off`);
        if (/…$/.test(text.textContent))
            found(`label ${name} is shortened`);
        for (let k = i + 1; k < texts.length && texts[k].ink.left < ink.right; k++)
            if (overlap(ink, texts[k].ink, slack))
                found(`labels ${name} and ${texts[k].name} overlap`);
        checkContrast(`label ${name}`, colour(style.fill), backgroundOfText(svg, text), 0, false, found);
    });
    if (!svg.querySelector("text") && !svg.closest("[aria-hidden]"))
        found("a picture without a label");
    if (/mm$/.test(svg.getAttribute("width")) && svg === svg.ownerDocument.documentElement &&
        Math.abs(svg.getScreenCTM().a * 25.4 / 96 - 1) > 1e-3)   /* 96 px are an inch */
        found(`the unit of the picture is ${(svg.getScreenCTM().a * 25.4 / 96).toFixed(3)} mm`);
    if (!svg.querySelector("path"))
        found("a picture without a line");
}

/* ---- pages ---- */

function checkHeadings(document, found) {
    const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
    let before = 0;

    if (document.querySelectorAll("h1").length !== 1)
        found(`${document.querySelectorAll("h1").length} headings of the first level, not 1`);
    for (const heading of headings) {
        const level = Number(heading.tagName[1]);
        if (level > before + 1)
            found(`heading ${shortened(heading.textContent)} of level ${level} follows one of level ${before}`);
        if (!heading.textContent.trim())
            found(`a heading of level ${level} without text`);
        before = level;
    }
}

function checkTexts(document, found) {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);

    while (walk.nextNode()) {
        const element = walk.currentNode.parentElement, style = getComputedStyle(element);
        if (!walk.currentNode.data.trim() || element.closest("svg, style, script, noscript, title") ||
            element.getClientRects().length === 0)
            continue;
        checkContrast(`text ${shortened(walk.currentNode.data)}`, colour(style.color), background(element),
                      parseFloat(style.fontSize), Number(style.fontWeight) >= 700, found);
        if (style.overflowX === "hidden" && element.scrollWidth > element.clientWidth + SLACK_PX)
            found(`text ${shortened(element.textContent)} is cut off`);
    }
}

/* What is wider than the page, where nothing round it lets one scroll to it. */
function checkWidth(document, found) {
    const root = document.documentElement, width = root.clientWidth;

    if (root.scrollWidth <= width + SLACK_PX)
        return;
    found(`the page is ${root.scrollWidth} px wide`);
    for (const element of document.body.querySelectorAll("*"))
        if (element.getBoundingClientRect().right > width + SLACK_PX && !element.closest("svg *"))
            return found(`${element.tagName.toLowerCase()} ${shortened(element.textContent)} reaches beyond the page`);
}

function checkPage(document, found) {
    if (!document.documentElement.lang)
        found("the page does not say its language");
    if (!document.querySelector("meta[name=viewport]"))
        found("the page does not fit itself to a phone");
    for (const image of document.querySelectorAll("img"))
        if (!image.getAttribute("alt"))
            found("an image without alternative text");
        else if (image.naturalWidth === 0)
            found(`image ${shortened(image.alt)} does not show`);
    for (const table of document.querySelectorAll("table"))
        if (!table.querySelector("th"))
            found("a table without headings");
    for (const name of ["script", "link[rel=stylesheet]", "iframe", "object", "embed"])
        if (document.querySelector(name))
            found(`the page has <${name.replace(/\[.*/, "")}>`);
    checkHeadings(document, found);
    checkTexts(document, found);
    checkWidth(document, found);
}

/* ---- all of it ---- */

function checkFrame(frame) {
    const document = frame.contentDocument, [name, width] = frame.title.split(" "), lines = new Set();
    const found = what => lines.add(`${name}: ${what}${document.body ? ` (${width} px)` : ""}`);
    const title = document.querySelector("title");

    if (!title || !title.textContent.trim())
        found("no title");
    if (frame.contentWindow.performance.getEntriesByType("resource").some(entry => !/^(file|data):/.test(entry.name)))
        found("the page asks the network");
    if (document.body)
        checkPage(document, found);
    for (const svg of document.querySelectorAll("svg"))
        checkPicture(svg, found);
    return lines.size ? [...lines] : [`${name}: passes${document.body ? ` at ${width} px` : ""}`];
}

addEventListener("load", () => {
    const lines = [...document.querySelectorAll("iframe")].flatMap(checkFrame);
    document.body.textContent = `\n${lines.join("\n")}\n`;
});
