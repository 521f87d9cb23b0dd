/** Everything from this server, nothing inline: a message can never become a script. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self' ws: wss:",
  "img-src 'self' https: data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export interface PageOptions {
  accountId: string
  /** `chat` shows a live chat instead of messaging. */
  channel?: 'messaging' | 'chat' | undefined
  skill?: string | undefined
  language?: string | undefined
  /** Offers a field for the token of a sign-in. */
  signIn?: boolean
}

export function consumerPage({ accountId, channel, skill, language, signIn }: PageOptions): string {
  const attributes = [
    ['data-account', accountId],
    ['data-page', ''],
    ['data-channel', channel],
    ['data-skill', skill],
    ['data-language', language],
    ['data-sign-in', signIn ? '' : undefined],
  ].flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeHtml(value)}"`]))
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Messages</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/consumer.css">
    <script src="/consumer.js"${attributes.join('')} defer></script>
  </head>
  <body></body>
</html>
`
}

/** The shadow root brings its own styles; the page only gives it the whole window. */
export const PAGE_STYLE = 'html, body { height: 100%; margin: 0 }\n'

function escapeHtml(text = ''): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
