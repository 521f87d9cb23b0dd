import { expect, test } from 'vitest'
import { clientProperties } from './client-properties.ts'

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit'
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  [
    `${MAC}/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15`,
    'DESKTOP',
    'OSX',
    '10.15.7',
    'SAFARI',
    '18.1',
  ],
  [
    `${WINDOWS} Chrome/142.0.0.0 Safari/537.36`,
    'DESKTOP',
    'WINDOWS',
    '10.0',
    'CHROME',
    '142.0.0.0',
  ],
  [
    `${WINDOWS} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.1.2`,
    'DESKTOP',
    'WINDOWS',
    '10.0',
    'EDGE',
    '142.0.1.2',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'DESKTOP',
    'LINUX',
    undefined,
    'FIREFOX',
    '140.0',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'MOBILE',
    'IOS',
    '18.1',
    'SAFARI',
    '18.1',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    'MOBILE',
    'ANDROID',
    '15',
    'CHROME',
    '142.0.0.0',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'TABLET',
    'ANDROID',
    '14',
    'CHROME',
    '142.0.0.0',
  ],
  ['curl/8.0', 'DESKTOP', 'OTHER', undefined, 'OTHER', undefined],
])('%s', (userAgent, deviceFamily, os, osVersion, browser, browserVersion) => {
  const { timeZone, ...found } = clientProperties(['AUTO_MESSAGES'], userAgent)

  expect(timeZone).toBeTypeOf('string')
  expect(found).toEqual({
    type: '.ClientProperties',
    appId: 'parley-consumer',
    appVersion: '1.0.0',
    deviceFamily,
    os,
    ...(osVersion !== undefined && { osVersion }),
    integration: 'WEB_SDK',
    integrationVersion: '1.0.0',
    browser,
    ...(browserVersion !== undefined && { browserVersion }),
    features: ['AUTO_MESSAGES'],
  })
})
