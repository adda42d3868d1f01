"use strict";

// The button that chooses between the system's theme, a light and a dark one.
{
  const button = document.getElementById("theme");
  const themes = ["automatic", "dark", "light"];
  let chosen = 0;
  button.hidden = false;
  button.addEventListener("click", () => {
    chosen = (chosen + 1) % themes.length;
    document.documentElement.dataset.theme = themes[chosen];
    button.textContent = `Theme: ${themes[chosen]}`;
  });
}
