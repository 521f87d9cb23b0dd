/** What stands over the page, the topmost last. The code editor's own search is a part of the page, and stays in it when it is closed. */
export function openDialogs(): HTMLElement[] {
  const all = document.querySelectorAll<HTMLElement>('[role=dialog], [role=alertdialog]')
  return [...all].filter((one) => !one.closest('.monaco-editor'))
}
