import { escapeHtml } from '#base/kit'
import { isVirtual } from '#base/kernel'
import type { ConsoleNames, PageNames } from './build.ts'
import type { ConsoleDeps } from './deps.ts'

const asset = (name: string): string => escapeHtml(`/console/assets/${name}`)

/** The document of every address of a page; what it shows is decided in the browser. */
export function consoleDocument(
  { script, style }: PageNames,
  { workers }: Pick<ConsoleNames, 'workers'>,
  { accountId, clock }: Pick<ConsoleDeps, 'accountId' | 'clock'>,
): string {
  const notes = [
    ['account', escapeHtml(accountId)],
    // Where it can be moved, the console shows it.
    ['clock', isVirtual(clock) ? 'virtual' : 'system'],
    // Browsers have clocks that are wrong.
    ['now', String(clock.now())],
    ['editor-worker', asset(workers.editor)],
    ['typescript-worker', asset(workers.typescript)],
    ['json-worker', asset(workers.json)],
  ].map(([name, content]) => `<meta name="parley-${name}" content="${content}">`)
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
    <meta name="color-scheme" content="light dark">
    <title>Parley</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${asset(style)}">
    ${notes.join('\n    ')}
    <script type="module" src="${asset(script)}"></script>
  </head>
  <body><div id="console"></div><noscript>This page needs JavaScript.</noscript></body>
</html>
`
}

/** Everything from this server, no scripts in the page. The editor makes style elements, which is why styles may stand in the page. */
export const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  // The consumer page, beside the guide.
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
