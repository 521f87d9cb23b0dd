/** What the server has written into the page for its script: `<meta name="parley-…">`. */
export function noteOf(
  name: 'account' | 'clock' | 'now' | 'editor-worker' | 'typescript-worker' | 'json-worker',
): string {
  const note = document.querySelector<HTMLMetaElement>(`meta[name="parley-${name}"]`)
  if (!note) throw new Error(`The page lacks its note "${name}"`)
  return note.content
}
