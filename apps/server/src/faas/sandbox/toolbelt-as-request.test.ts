import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type HttpSite, startHttpSite } from '#testing'
import { openToolbeltBench, type ToolbeltBench } from './toolbelt-bench.fixture.ts'

let bench: ToolbeltBench
/** Sends everybody on to the site of the bench. */
let other: HttpSite
const evaluate = (statements: string) => bench.evaluate(statements)
beforeAll(async () => {
  other = await startHttpSite((request, response) => {
    const location = request.url === '/ftp' ? 'ftp://127.0.0.1/' : `${bench.base}${request.url}`
    response.writeHead(302, { location }).end()
  })
  bench = await openToolbeltBench([other.host])
})
beforeEach(() => bench.reset())
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

/** What `request` takes for no time limit, or for one that is longer than a timer can be. */
const LIMITS = '[0, -1, null, NaN, Infinity, 2 ** 31, "500"]'

test('HTTPClient has no time limit where the timeout is no number above 0', async () => {
  const calls = `const done = []
    for (const timeout of ${LIMITS}) done.push((await Toolbelt.HTTPClient()(base, { timeout, json: true })).method)
    return done`
  expect(await evaluate(calls)).toEqual(Array.from({ length: 7 }, () => 'GET'))
})

test('LpClient and OrchestratorClient have none either', async () => {
  for (let n = 0; n < 14; n += 1) bench.answers.push({ status: 200, body: n })
  const calls = `const done = []
    for (const timeout of ${LIMITS}) {
      done.push(await Toolbelt.LpClient()("smt", "/", { timeout, json: true }))
      const [{ body }] = await Toolbelt.OrchestratorClient().invoke([{ uuid: "f1" }], 20000, { timeout })
      done.push(body)
    }
    return done`
  expect(await evaluate(calls)).toEqual(Array.from({ length: 14 }, (_, n) => n))
})

test('HTTPClient leaves its own host header behind on the way to another host', async () => {
  const call = `return Toolbelt.HTTPClient()("${other.origin}/a", { headers: { Host: "mine.example" }, json: true })`
  expect(await evaluate(call)).toMatchObject({
    url: '/a',
    headers: { host: bench.base.replace('http://', '') },
  })
})

test.each([
  ['/p?a=b%20c', '{ z: "x y" }', '/p?a=b%20c&z=x%20y'],
  ['/p?a=1&b=%2B&a=2', '{ b: 3 }', '/p?a=1&a=2&b=3'],
  ['/p?a=b%20c', '{ a: undefined }', '/p'],
  ['/p?a=b%20c', '{}', '/p?a=b%20c'],
])('HTTPClient asks for %s with %s', async (path, qs, url) => {
  const call = `return Toolbelt.HTTPClient()(base + "${path}", { qs: ${qs}, json: true })`
  expect(await evaluate(call)).toMatchObject({ url })
})

test.each([
  ['useQuerystring: true', 'a=1&a=2'],
  ['qsStringifyOptions: { arrayFormat: "brackets" }', 'a%5B%5D=1&a%5B%5D=2'],
  ['qsStringifyOptions: { indices: false }', 'a=1&a=2'],
  ['qsStringifyOptions: {}', 'a%5B0%5D=1&a%5B1%5D=2'],
])('HTTPClient writes lists of queries and forms by %s', async (option, pairs) => {
  const call = `return Toolbelt.HTTPClient()({ uri: base + "/p", method: "POST", qs: { a: [1, 2] }, form: { a: [1, 2] }, ${option}, json: true })`
  expect(await evaluate(call)).toMatchObject({ url: `/p?${pairs}`, body: pairs })
})

test('HTTPClient tells a callback the answer of any status, or the error, and its promise fails nothing', async () => {
  const calls = `const http = Toolbelt.HTTPClient()
    const told = (start) => new Promise((resolve) => start((error, response, body) =>
      resolve([error && error.code, response && response.statusCode, body && body.method])))
    return [
      await told((callback) => http(base, { json: true }, callback)),
      await told((callback) => http.put({ uri: base, json: {} }, callback)),
      await told((callback) => http({ uri: base + "/status/404", json: true, callback })),
      await told((callback) => http.get("http://127.0.0.1:1/", { rejectUnauthorized: false, timeout: 5000 }, callback)),
    ]`
  expect(await evaluate(calls)).toEqual([
    [null, 200, 'GET'],
    [null, 200, 'PUT'],
    [null, 404, 'GET'],
    [null, 403, null],
  ])
  const throwing = `Toolbelt.HTTPClient()(base, () => { throw new Error('in the callback') }); await new Promise(() => {})`
  await expect(evaluate(throwing)).rejects.toThrow('in the callback')
})

test('HTTPClient signs with OAuth1 what RFC 5849 has signed: query, form and header', async () => {
  const oauth = `{ consumer_key: 'dpf43f3p2l4k3l03', consumer_secret: 'kd94hf93k423kf44', token: 'nnch734d00sl2jdk',
    token_secret: 'pfkkdhi9sl3r4s00', timestamp: '137131202', nonce: 'chapoH', signature_method: 'PLAINTEXT', realm: 'Photos' }`
  const calls = `const http = Toolbelt.HTTPClient()
    const asked = await http({ uri: base + "/photos?b=x%20y", json: true, oauth: ${oauth} })
    // The library of functions signs the same in its own way.
    const OAuth = require('oauth-1.0a')
    const { createHmac } = require('crypto')
    const own = new OAuth({ consumer: { key: 'ck', secret: 'cs' }, signature_method: 'HMAC-SHA1',
      hash_function: (text, key) => createHmac('sha1', key).update(text).digest('base64') })
    own.getNonce = () => 'n'
    own.getTimeStamp = () => 1
    const posted = await http.post({ uri: base + "/p?b=1", form: { a: "it's", c: '2' }, json: true,
      oauth: { consumer_key: 'ck', consumer_secret: 'cs', token: 't', token_secret: 'ts', nonce: 'n', timestamp: 1 } })
    const same = own.authorize({ url: base + "/p?b=1", method: 'POST', data: { a: "it's", c: '2' } }, { key: 't', secret: 'ts' })
    return [asked.headers.authorization, posted.headers.authorization.includes(encodeURIComponent(same.oauth_signature))]`
  expect(await evaluate(calls)).toEqual([
    expect.stringMatching(
      /^OAuth realm="Photos",.*oauth_nonce="chapoH".*oauth_signature="kd94hf93k423kf44%26pfkkdhi9sl3r4s00"$/,
    ),
    true,
  ])
})

test('HTTPClient sends parts, files of forms by what their names say, and refuses what is no content', async () => {
  const calls = `const http = Toolbelt.HTTPClient()
    const related = await http.put({ uri: base, json: true, multipart: [{ 'content-type': 'text/plain', body: 'hi' }] })
    const formData = { photo: { value: Buffer.from('px'), options: { filename: 'a.png' } } }
    const form = await http.post({ uri: base, json: true, formData })
    const stream = require('stream').Readable.from(['x'])
    const refused = await http.post({ uri: base, formData: { file: stream } }).catch((e) => e.message)
    return [related.headers['content-type'].split(';')[0], related.body, form.body, refused]`
  expect(await evaluate(calls)).toEqual([
    'multipart/related',
    expect.stringMatching(/^--\S+\r\ncontent-type: text\/plain\r\n\r\nhi\r\n--\S+--$/),
    expect.stringContaining('filename="a.png"\r\nContent-Type: image/png\r\n\r\npx'),
    expect.stringContaining('options.formData.file'),
  ])
})

test('HTTPClient takes what url.parse returns, members of defaults one by one, and transforms refusals', async () => {
  const calls = `const http = Toolbelt.HTTPClient()
    const parsed = await http({ uri: require('url').parse(base + '/p?x=1'), json: true })
    const { url } = await http.defaults({ qs: { a: 1 }, json: true })({ uri: base + '/p', qs: { b: 2 } })
    const transform = (body) => ({ seen: body.method })
    const { response } = await http({ uri: base + '/status/404', json: true, transform }).catch((e) => e)
    const failed = await http({ uri: base, transform: () => null.x }).catch((e) => e.name)
    return [parsed.url, url, response, failed]`
  expect(await evaluate(calls)).toEqual(['/p?x=1', '/p?a=1&b=2', { seen: 'GET' }, 'TransformError'])
})

test('HTTPClient unpacks what is packed, and takes an answer without a body as it is', async () => {
  const calls = `const http = Toolbelt.HTTPClient().defaults({ gzip: true })
    const head = await http.head(base + '/packed')
    const none = await http(base + '/status/204/packed')
    return [(await http(base + '/packed', { json: true })).url, head['content-encoding'], none]`
  expect(await evaluate(calls)).toEqual(['/packed', 'gzip', ''])
})

test.each(["''", 'null', 'undefined'])('no form is sent for %s', async (form) => {
  const call = `return Toolbelt.HTTPClient().post(base, { form: ${form}, body: { a: 1 }, json: true })`
  expect(await evaluate(call)).toMatchObject({
    body: '{"a":1}',
    headers: { 'content-type': 'application/json' },
  })
})

test('a redirect to another protocol than HTTP is refused as such an address is', async () => {
  const call = `return Toolbelt.HTTPClient()('${other.origin}/ftp')`
  expect(await evaluate(call)).toMatchObject({
    failed: { name: 'RequestError', message: 'Error: Invalid protocol: ftp:' },
  })
})
