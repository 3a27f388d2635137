// Runs before the first paint, so that a chosen theme never flashes. A classic script on purpose:
// modules wait for the whole document.
try {
  const theme = localStorage.getItem("utilsbot.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is off: the system's theme it is.
}
