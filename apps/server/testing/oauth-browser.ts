import { createHash, randomBytes } from 'node:crypto'
import { call, type Scene } from './scene.ts'

/** An application that acts for users. */
export interface TestApplication {
  clientId: string
  clientSecret: string
  redirectUri: string
}

export async function givenApplication(scene: Scene, more: object = {}): Promise<TestApplication> {
  const redirectUri = 'https://app.example.com/callback'
  const made = await call<{ clientId: string; clientSecret: string; redirectUris: string[] }>(
    scene,
    'POST',
    'clients',
    {
      name: 'Portal',
      grantTypes: ['authorization_code'],
      redirectUris: [redirectUri],
      ...more,
    },
  )
  return { ...made, redirectUri: made.redirectUris[0] ?? redirectUri }
}

/** What a browser shows, or where it was sent outside of this server. */
export interface Shown {
  status: number
  url: string
  html: string
  headers: Headers
  /** The address outside of this server that it was sent to. */
  left: URL | undefined
}

/** A browser without scripts: cookies by path, redirects, forms. */
export interface TestBrowser {
  open(url: string): Promise<Shown>
  /** Sends the form of a page, with its hidden fields. Stays at the answer that sends it on unless it should `follow`. */
  submit(
    page: Shown,
    fields: Record<string, string>,
    headers?: Record<string, string>,
    options?: { follow: boolean },
  ): Promise<Shown>
  /** Its cookies, by name. */
  readonly cookies: ReadonlyMap<string, { value: string; path: string }>
}

/** Where an answer sends a browser. */
export function onwardOf(headers: Headers): string | undefined {
  return headers.get('location') ?? headers.get('refresh')?.replace(/^0; url=/, '')
}

const MAX_REDIRECTS = 10

export function openTestBrowser({ url: home }: Pick<Scene, 'url'>): TestBrowser {
  const cookies = new Map<string, { value: string; path: string }>()

  function keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
      const [name = ''] = pair.split('=', 1)
      const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/'
      const value = pair.slice(name.length + 1)
      if (value === '') cookies.delete(`${name} ${path}`)
      else cookies.set(`${name} ${path}`, { value, path })
    }
  }

  function cookieFor({ pathname }: URL): string {
    const fitting = [...cookies].filter(([, { path }]) =>
      path.endsWith('/') || path === pathname
        ? pathname.startsWith(path)
        : pathname.startsWith(`${path}/`),
    )
    return fitting.map(([key, { value }]) => `${key.split(' ')[0]}=${value}`).join('; ')
  }

  async function send(
    first: string,
    init: { method?: string; body?: string; headers?: Record<string, string> } = {},
    { follow }: { follow: boolean } = { follow: true },
  ): Promise<Shown> {
    let url = new URL(first, home)
    let next = init
    for (let count = 0; count < MAX_REDIRECTS; count++) {
      const response = await fetch(url, {
        ...next,
        redirect: 'manual',
        headers: { accept: 'text/html', cookie: cookieFor(url), ...next.headers },
      })
      keep(response.headers)
      const html = await response.text()
      const location = onwardOf(response.headers)
      const shown = { status: response.status, url: url.href, html, headers: response.headers }
      if (location === undefined || !follow) return { ...shown, left: undefined }
      url = new URL(location, url)
      if (url.origin !== new URL(home).origin) return { ...shown, left: url }
      next = {}
    }
    throw new Error(`More than ${MAX_REDIRECTS} redirects from ${first}`)
  }

  return {
    cookies,
    open: (url) => send(url),
    submit(page, fields, headers = {}, options) {
      const hidden = [...page.html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value] as const,
      )
      const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields })
      const init = {
        method: 'POST',
        body: body.toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: new URL(home).origin,
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      }
      return send(page.url, init, options)
    },
  }
}

/** A code verifier with its challenge (RFC 7636). */
export function pkcePair(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** The published address that an application sends browsers to. */
export function authorizePath(
  { accountId }: Pick<Scene, 'accountId'>,
  { clientId, redirectUri }: TestApplication,
  more: Record<string, string | undefined> = {},
): string {
  const query = Object.entries({
    v: '1.0',
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state: 'a state',
    ...more,
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return `/sentinel/api/account/${accountId}/authorize?${new URLSearchParams(query)}`
}

/** Logs a user in and lets the application do what it asks for. Resolves with where the browser was sent. */
export async function consent(
  browser: TestBrowser,
  path: string,
  { user, password }: { user: string; password: string },
): Promise<URL> {
  let shown = await browser.open(path)
  if (shown.html.includes('name="password"')) {
    shown = await browser.submit(shown, { action: 'log-in', loginName: user, password })
  }
  if (!shown.left) shown = await browser.submit(shown, { action: 'allow' })
  if (!shown.left) throw new Error(`No way back to the application: ${shown.status} ${shown.html}`)
  return shown.left
}
