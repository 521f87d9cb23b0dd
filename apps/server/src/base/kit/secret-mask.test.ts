import { expect, test } from 'vitest'
import { openSecretMask, type SecretMask, unmaskedTexts } from './index.ts'

const KEY = 'k3y-of/the+Shop?'

function maskFor(...secrets: unknown[]): SecretMask {
  const mask = openSecretMask()
  for (const secret of secrets) mask.add(secret)
  return mask
}

test('secrets are masked in every text of a value, in names of members too', () => {
  const value = { [`key ${KEY}`]: [`x ${KEY} y`, { deep: `${KEY}${KEY}` }, 1, null] }
  expect(maskFor(KEY).value(value)).toEqual({
    'key [secret]': ['x [secret] y', { deep: '[secret]' }, 1, null],
  })
})

test.each([
  ['1002', 'is shorter than 12 characters'],
  ['hunter2', 'is shorter than 12 characters'],
  ['CustomerCare', undefined],
  ['authorization', 'is a single word'],
  ['Zuverlässigkeit', 'is a single word'],
  ['493012345678', 'is a number'],
  ['-1234567890.25', 'is a number'],
  ['api.example.com', 'is the name of a host'],
  ['https://api.example.com:8443/', 'is the name of a host'],
  ['https://api.example.com/hooks/T01', undefined],
  ['correct-horse', undefined],
  ['SG.abcDEF123456.abcdef', undefined],
])('whether "%s" is masked: %s', (text, problem) => {
  const masked = maskFor(text).text(`before ${text} after`)
  expect(masked).toBe(problem === undefined ? 'before [secret] after' : `before ${text} after`)
  const said = unmaskedTexts(text)
  expect(said).toEqual(problem === undefined ? [] : [{ path: 'value', message: problem }])
})

test('leaves of JSON secrets are masked, and their short values are named', () => {
  const secret = { user: 'bob', pin: 1234, live: true, keys: [KEY] }
  const mask = maskFor(secret)
  expect(mask.text(`bob ${KEY}`)).toBe('bob [secret]')
  expect(mask.text(JSON.stringify(secret))).toBe('[secret]')
  expect(unmaskedTexts(secret).map(({ path }) => path)).toEqual(['value.user', 'value.pin'])
})

test.each(['', 'a', 'ab', 'abc', 'user:'])('base64 of a text that begins with "%s"', (before) => {
  const text = Buffer.from(`${before}${KEY} and more`)
  for (const encoding of ['base64', 'base64url'] as const) {
    const masked = maskFor(KEY).text(`Basic ${text.toString(encoding)}`)
    expect(masked).toContain('[secret]')
    expect(Buffer.from(masked.replaceAll('[secret]', ''), 'base64').toString()).not.toMatch(
      /k3y-of|Shop/,
    )
  }
})

test.each([
  encodeURIComponent(KEY),
  encodeURIComponent(KEY).toLowerCase(),
  String(new URLSearchParams({ q: KEY })).slice(2),
  encodeURIComponent(Buffer.from(KEY).toString('base64')),
  KEY.toLowerCase(),
])('the form %s is masked', (form) => {
  expect(maskFor(KEY).text(`https://example.com/?q=${form}&x=1`)).toBe(
    'https://example.com/?q=[secret]&x=1',
  )
})

test('a text with several lines is masked as it is and inside JSON', () => {
  const pem = `-----BEGIN KEY-----\n${'A1b2'.repeat(400)}\n-----END KEY-----`
  const mask = maskFor(pem)
  expect(mask.text(`<${pem}>`)).toBe('<[secret]>')
  expect(mask.text(JSON.stringify({ pem }))).toBe('{"pem":"[secret]"}')
  // Even when it is cut.
  expect(mask.text(pem.slice(0, 1000))).not.toContain('A1b2'.repeat(20))
})

test('JSON stays as it came only where its text has nothing to mask, whatever its escapes stand for', () => {
  const mask = maskFor(KEY, 'first line\nsecond line')
  const plain = (json: string) => mask.plain(json)
  for (const json of ['{"a":[1,"k3y-of/the","say \\"hi\\"\\n"]}', 'no JSON']) {
    expect(plain(json)).toBe(json)
  }
  for (const json of [
    `{"a":["x ${KEY} y"]}`,
    `{"${KEY}":1}`,
    `{"a":"\\u006b${KEY.slice(1)}"}`,
    `{"a":"${KEY.replace('/', '\\/')}"}`,
    '{"a":"first line\\nsecond line"}',
    JSON.stringify({ a: JSON.stringify({ b: 'first line\nsecond line' }) }),
    '{"\\u0063ookie":"a=1"}',
    '{"headers":[{"key":"Cookie","value":"a=1"}]}',
    '{"a":"b\\u0000c"}',
    '{"a":"b\0c"}',
    '{"a":"\uD800"}',
  ]) {
    expect([json, plain(json)]).toEqual([json, undefined])
  }
  expect(mask.json({ a: [`x ${KEY} y`], [KEY]: 'b\0c' })).toBe(
    '{"a":["x [secret] y"],"[secret]":"b\uFFFDc"}',
  )
})

test('headers that carry credentials are always masked, ids never', () => {
  const mask = maskFor('1002', { skill: '1002' })
  expect(
    mask.value({
      headers: [
        { key: 'Authorization', value: 'Bearer 1' },
        { name: 'x-skill', value: '1002' },
      ],
      options: { Cookie: ['a=1'], 'set-cookie': 'a=1', authorization: '' },
      skillId: '1002',
    }),
  ).toEqual({
    headers: [
      { key: 'Authorization', value: '[secret]' },
      { name: 'x-skill', value: '1002' },
    ],
    options: { Cookie: '[secret]', 'set-cookie': '[secret]', authorization: '' },
    skillId: '1002',
  })
  expect(mask.text('{"authorization":"Bearer 1","id":"1002"}')).toBe(
    '{"authorization":"[secret]","id":"1002"}',
  )
  expect(mask.text('Authorization: Bearer 1\nid: 1002')).toBe(
    'Authorization: Bearer [secret]\nid: 1002',
  )
  expect(mask.text('Cookie: session=1; b=2')).toBe('Cookie: session=[secret]')
  expect(mask.text('A cookie: who wants one?')).toBe('A cookie: who wants one?')
})

test('a secret that is read again is not forgotten, however many others are read', () => {
  const mask = maskFor(KEY)
  for (let n = 0; n < 300; n += 1) {
    mask.add({ [`k${n}`]: `${n}-${'x'.repeat(9_000)}` })
    mask.add(KEY)
  }
  expect(mask.text(KEY)).toBe('[secret]')
})

test('texts that agree with thousands of secrets for long do not hold the server', () => {
  const mask = openSecretMask()
  for (let n = 0; n < 2_000; n += 1) mask.add(`${'a'.repeat(20 + (n % 40))}${n}`)
  const text = 'a'.repeat(65_536)
  const before = process.cpuUsage()
  expect(mask.text(text) === text).toBe(true)
  // Some 20 ms; hours if every secret were compared at every place.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000)
})

test('what PostgreSQL cannot store is replaced; what is nested too deeply is left out', () => {
  expect(openSecretMask().text('a\0b\uD800')).toBe('a\uFFFDb\uFFFD')
  let value: unknown = KEY
  for (let depth = 0; depth < 200; depth += 1) value = [value]
  expect(JSON.stringify(maskFor(KEY).value(value))).toContain('[nested too deeply]')
})
