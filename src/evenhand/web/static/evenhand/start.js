// Pages work without this. It folds the menu on narrow screens and moves the focus to what has to be mended.
import { initAll } from "../vendor/nhsuk/nhsuk-frontend.min.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
