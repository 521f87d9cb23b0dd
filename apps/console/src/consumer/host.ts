import { dragsFiles } from './file-rules.ts'
import style from './style.css'
import type { Tag } from './tag.ts'
import { words } from './words/index.ts'

/**
 * Where the window stands. A shadow root keeps the page's styles out and ours in.
 * @param element `main` where the window is all that the page has
 */
export function makeHost(
  { isPage }: Pick<Tag, 'isPage'>,
  element: 'div' | 'main' = isPage ? 'main' : 'div',
): { host: HTMLElement; root: ShadowRoot } {
  const host = document.createElement(element)
  if (isPage) host.className = 'page'
  host.lang = words.language
  // A file that is dropped must not take the place of the page.
  host.ondragover = host.ondrop = (event) => {
    if (dragsFiles(event)) event.preventDefault()
  }
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  root.adoptedStyleSheets = [sheet]
  document.body.append(host)
  return { host, root }
}
