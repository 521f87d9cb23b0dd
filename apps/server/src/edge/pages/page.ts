import { escapeHtml } from '#base/kit'

export interface PageOptions {
  accountId: string
  /** Of what the page says by itself. */
  pageLanguage: 'de' | 'en'
  /** `chat` shows a live chat instead of messaging. */
  channel?: 'messaging' | 'chat' | undefined
  skill?: string | undefined
  language?: string | undefined
  campaign?: string | undefined
  engagement?: string | undefined
  /** Offers a field for the token of a sign-in. */
  signIn?: boolean
  /** Shows what the console says, and asks no server. */
  isPreview?: boolean
}

export function consumerPage({ pageLanguage, isPreview, ...options }: PageOptions): string {
  const { accountId, channel, skill, language, campaign, engagement, signIn } = options
  const attributes = [
    ['data-account', accountId],
    ['data-page', ''],
    ['data-channel', channel],
    ['data-skill', skill],
    ['data-language', language],
    ['data-campaign', campaign],
    ['data-engagement', engagement],
    ['data-sign-in', signIn ? '' : undefined],
  ].flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeHtml(value)}"`]))
  return `<!doctype html>
<html lang="${pageLanguage}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
    <meta name="color-scheme" content="light dark">
    <title>${TITLES[pageLanguage]}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/consumer.css">
    <script src="${isPreview ? '/consumer-preview.js' : '/consumer.js'}"${attributes.join('')} defer></script>
  </head>
  <body><noscript>${NO_SCRIPT[pageLanguage]}</noscript></body>
</html>
`
}

const TITLES = { en: 'Messages', de: 'Nachrichten' }
const NO_SCRIPT = {
  en: 'This page needs JavaScript.',
  de: 'Diese Seite braucht JavaScript.',
}

/** The shadow root brings its own styles; the page only gives it the whole window. */
export const PAGE_STYLE = `html, body { height: 100%; margin: 0 }
.page { display: block; height: 100vh; height: 100dvh }
`
