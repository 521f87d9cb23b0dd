import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { anotherScene, call, givenSkill, login, startTestServer, type TestServer } from '#testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

const DOCUMENT = join(import.meta.dirname, '../../../../../docs/consumer-page.md')
const MAX_BYTES = 40 * 1024

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(async () => await server[Symbol.asyncDispose]())

/** An account of its own, with what the tests ask it. */
async function anAccount() {
  const scene = await anotherScene(server)
  const { accountId, adminBearer: bearer } = scene
  return {
    scene,
    accountId,
    change: (consumerPage: object) =>
      server.request('PATCH', `/api/v1/accounts/${accountId}/settings`, {
        bearer,
        body: { consumerPage },
      }),
    page: (query = '') =>
      server.request('GET', `/api/v1/accounts/${accountId}/consumer/page${query}`),
  }
}

test('the script is small enough, and its document says what it weighs', async () => {
  const { headers } = await server.request('GET', '/consumer.js', {
    headers: { 'accept-encoding': 'gzip' },
  })

  const bytes = Number(headers['content-length'])
  expect(bytes).toBeLessThan(MAX_BYTES)
  const said = /(\d+) KB compressed/.exec(readFileSync(DOCUMENT, 'utf8'))?.[1]
  expect(Number(said)).toBe(Math.ceil(bytes / 1024))
})

test('browsers of any site read the look of an account, and whether it is open', async () => {
  const { page, change } = await anAccount()
  await change({ accent: '#7a1fa2', position: 'start', texts: { de: { title: 'Hilfe' } } })

  const { status, headers, text } = await page()

  expect(status).toBe(200)
  expect(headers['access-control-allow-origin']).toBe('*')
  expect(JSON.parse(text)).toEqual({
    look: {
      accent: '#7a1fa2',
      accentDark: '#8ec2ff',
      scheme: 'auto',
      position: 'start',
      texts: { en: {}, de: { title: 'Hilfe' } },
      files: true,
      transcript: true,
      allowedSites: [],
    },
    hours: { isOpen: true, at: new Date(server.clock.now()).toISOString() },
    files: { maxBytes: 5_242_880 },
  })
})

test.each([
  ['a style instead of a colour', { accent: 'red;background:url(//x)' }, 'accent'],
  ['a colour with an alpha channel', { accentDark: '#11223344' }, 'accentDark'],
  ['a script for a logo', { logoUrl: 'javascript:alert(1)' }, 'logoUrl'],
  ['a logo without TLS', { logoUrl: 'http://example.com/logo.png' }, 'logoUrl'],
  ['a logo with a password', { logoUrl: 'https://me:secret@example.com/logo.png' }, 'logoUrl'],
  ['a site with a path', { allowedSites: ['https://shop.example/cart'] }, 'allowedSites.0'],
  [
    'a site that ends a policy',
    { allowedSites: ['https://a.example; script-src *'] },
    'must be a site',
  ],
  ['an unknown corner', { position: 'top' }, 'position'],
  ['a title that is too long', { texts: { en: { title: 'x'.repeat(61) } } }, 'texts.en.title'],
  ['a misspelled field', { logo: 'https://example.com/a.png' }, 'did you mean logoUrl'],
])('the look refuses %s', async (_what, look, named) => {
  const { change } = await anAccount()

  const { status, text } = await change(look)

  expect(status).toBe(400)
  expect(text).toContain(named)
})

test('outside of the opening hours of the skill the page knows when it opens again', async () => {
  const { scene, page } = await anAccount()
  const skillId = await givenSkill(scene)
  await call(scene, 'PUT', `calendars/${skillId}`, {
    timeZone: 'Europe/Berlin',
    week: { tuesday: [{ from: '08:00', to: '12:00' }] },
  })

  expect((await page(`?skill=${skillId}`)).json()).toMatchObject({
    hours: { isOpen: false, opensAt: '2026-01-06T07:00:00.000Z' },
  })
  expect((await page()).json()).toMatchObject({ hours: { isOpen: true } })

  const open = { from: '00:00', to: '24:00' }
  const week = Object.fromEntries(['monday', 'tuesday'].map((day) => [day, [open]]))
  await call(scene, 'PUT', `calendars/${skillId}`, { timeZone: 'UTC', week })
  const { hours } = (await page(`?skill=${skillId}`)).json<{ hours: object }>()
  expect(hours).toMatchObject({ isOpen: true, closesAt: '2026-01-07T00:00:00.000Z' })
  expect(hours).not.toHaveProperty('opensAt')
})

test('a wrong account or skill is answered 404, as data and as a page', async () => {
  const { accountId, page } = await anAccount()
  const html = (path: string) => server.request('GET', `/consumer/${path}`)

  expect((await page('?skill=999')).text).toContain('No skill \\"999\\"')
  const { status, text } = await server.request('GET', '/api/v1/accounts/nobody/consumer/page')
  expect([status, text]).toEqual([404, expect.stringContaining('no account \\"nobody\\"')])
  const pages = [await html('nobody'), await html(`${accountId}?skill=999`), await html(accountId)]
  expect(pages.map((one) => one.status)).toEqual([404, 404, 200])
})

test('the policy of the page names this server, the logo and the hosts of images, and nothing else', async () => {
  const { scene, accountId, change } = await anAccount()
  await change({ logoUrl: 'https://logos.example.com/a.png' })
  await call(scene, 'PATCH', 'settings', { messaging: { imageHosts: ['*.cards.example.com'] } })

  const { headers } = await server.request('GET', `/consumer/${accountId}`)

  const policy = String(headers['content-security-policy'])
  const host = `127.0.0.1:${server.port}`
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ws://${host} wss://${host}`,
    "img-src 'self' data: blob: https://logos.example.com https://*.cards.example.com",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ])
})

test('where the account names sites, only they show its page: as a window, and in a frame', async () => {
  const { accountId, change } = await anAccount()
  await change({ allowedSites: ['https://shop.example'] })
  const asked = (origin?: string) =>
    server.request('GET', `/api/v1/accounts/${accountId}/consumer/page`, {
      ...(origin !== undefined && { headers: { origin } }),
    })

  const { headers } = await server.request('GET', `/consumer/${accountId}`)
  const refused = await asked('https://other.example')

  expect(String(headers['content-security-policy'])).toContain(
    "frame-ancestors 'self' https://shop.example",
  )
  expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([403, '*'])
  for (const origin of ['https://shop.example', server.url, undefined]) {
    expect((await asked(origin)).status).toBe(200)
  }
})

test('the preview for the console has a script of its own, and shows pictures that are not saved yet', async () => {
  const { accountId, scene } = await anAccount()
  await call(scene, 'PATCH', 'settings', { messaging: { imageHosts: ['cards.example.com'] } })

  const { text, headers } = await server.request('GET', `/consumer/${accountId}?preview=true`)
  const script = await server.request('GET', '/consumer-preview.js')

  expect(text).toContain('<script src="/consumer-preview.js"')
  expect(String(headers['content-security-policy'])).toContain("img-src 'self' data: blob: https:;")
  expect([script.status, script.headers['content-type']]).toEqual([
    200,
    'text/javascript; charset=utf-8',
  ])
})

test.each([
  ['?language=de-AT', 'en-GB,de;q=0.5', 'de'],
  ['', 'de-CH,en;q=0.5', 'de'],
  ['', 'fr,de;q=0.5', 'en'],
  ['?language=en', 'de', 'en'],
])('the language of the page with "%s" for a browser in %s is %s', async (query, accept, lang) => {
  const { accountId } = await anAccount()

  const { text } = await server.request('GET', `/consumer/${accountId}${query}`, {
    headers: { 'accept-language': accept },
  })

  expect(text).toContain(`<html lang="${lang}">`)
})

test.each([
  ['?channel=odd', 200, ''],
  ['?signIn=1&preview=yes&language=' + 'x'.repeat(36), 200, ''],
  ['?campaign=' + 'x'.repeat(65) + '&engagement=e&engagement=f', 200, ''],
  ['?skill=' + '1'.repeat(33), 404, ' data-skill="-"'],
])(
  'a link with what the page does not know (%s) shows the page',
  async (query, status, attributes) => {
    const { accountId } = await anAccount()

    const { text, ...reply } = await server.request('GET', `/consumer/${accountId}${query}`)

    expect([reply.status, reply.headers['content-type']]).toEqual([
      status,
      'text/html; charset=utf-8',
    ])
    expect(text).toContain(`data-account="${accountId}" data-page=""${attributes} defer>`)
  },
)

test('a link to what cannot be an account shows the page, which says that there is none', async () => {
  const { text, ...reply } = await server.request('GET', '/consumer/no-such%20account')

  expect([reply.status, reply.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  expect(text).toContain('data-account="-"')
})

test('the public profile of an agent has its picture, which is taken away by null', async () => {
  const { scene, accountId } = await anAccount()
  const { adminBearer: bearer, agents } = scene
  const agent = await login(scene, agents[0]!)
  const users = `/api/v1/accounts/${accountId}/users/${agent.userId}`
  const shown = async () =>
    (
      await server.request(
        'GET',
        `/api/account/${accountId}/configuration/le-users/users/${agent.pid}`,
      )
    ).json<object>()
  const change = (pictureUrl: string | null) =>
    server.request('PATCH', users, { bearer, body: { pictureUrl } })

  expect((await change('javascript:alert(1)')).status).toBe(400)
  expect((await change('https://example.com/ada.png')).status).toBe(200)
  expect(await shown()).toMatchObject({ pictureUrl: 'https://example.com/ada.png' })
  await change(null)
  expect(await shown()).not.toHaveProperty('pictureUrl')
})
