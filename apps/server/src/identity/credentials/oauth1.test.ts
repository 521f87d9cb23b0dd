import { expect, test } from 'vitest'
import { parseOAuth1Header, sign, signatureBase } from './oauth1.ts'

/** The published vector. */
const URL_PARTS = {
  origin: 'https://faasgw.parley.test',
  path: '/api/account/12345678/events/conversational_command/invoke',
  query: 'v=1&skillId=&externalSystem=demo',
}
const HEADER =
  'OAuth oauth_consumer_key="ck-parley", oauth_nonce="nonce1234567890nonce1234567890ab", oauth_signature="DqkedHcYxX4TiCFqhYyTt6pbnHo%3D", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1700000000", oauth_version="1.0"'

const params = parseOAuth1Header(HEADER) ?? new Map<string, string>()
const withMethod = (method: string) => new Map(params).set('oauth_signature_method', method)

test('the base string holds every parameter, the empty ones too', () => {
  expect(signatureBase('post', URL_PARTS, params, false)).toBe(
    'POST&https%3A%2F%2Ffaasgw.parley.test%2Fapi%2Faccount%2F12345678%2Fevents%2Fconversational_command%2Finvoke&externalSystem%3Ddemo%26oauth_consumer_key%3Dck-parley%26oauth_nonce%3Dnonce1234567890nonce1234567890ab%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1700000000%26oauth_version%3D1.0%26skillId%3D%26v%3D1',
  )
})

test('signatures are those of the published vectors, with and without a token', () => {
  const base = signatureBase('POST', URL_PARTS, params, false)
  const tokenBase = signatureBase(
    'POST',
    URL_PARTS,
    new Map(params).set('oauth_token', 'tk-parley'),
    false,
  )
  const sha256Base = signatureBase('POST', URL_PARTS, withMethod('HMAC-SHA256'), false)

  expect(sign(base, 'HMAC-SHA1', 'cs-parley', '')).toBe(params.get('oauth_signature'))
  expect(sign(tokenBase, 'HMAC-SHA1', 'cs-parley', 'ts-parley')).toBe(
    't6TDKmnNeZOYDMNXceekhu4e/p4=',
  )
  expect(sign(sha256Base, 'HMAC-SHA256', 'cs-parley', '')).toBe(
    'WFLITltZZ4pQ+Uc8pFdyTQ1vEDKlEJ0K1SC0ertn08I=',
  )
})

test.each(['Bearer x', 'OAuth', 'OAuth a=b', 'OAuth a="%zz"', 'OAuth a="1", a="2"'])(
  'a header that cannot be read is not one: %s',
  (header) => {
    expect(parseOAuth1Header(header)).toBeUndefined()
  },
)
