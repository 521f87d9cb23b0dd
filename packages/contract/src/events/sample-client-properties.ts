import type { SentClientProperties } from './sent-client-properties.ts'

/** What a client says of itself, in samples (`spec/events.md` 3). */
export const sampleClientProperties: SentClientProperties = {
  type: '.ClientProperties',
  appId: 'webAsync',
  ipAddress: '127.0.0.1',
  deviceFamily: 'DESKTOP',
  os: 'OSX',
  osVersion: '10.14.3',
  integration: 'WEB_SDK',
  integrationVersion: '3.0.25',
  browser: 'CHROME',
  browserVersion: '72.0.3626.119',
  features: [
    'PHOTO_SHARING',
    'CO_BROWSE',
    'QUICK_REPLIES',
    'AUTO_MESSAGES',
    'MULTI_DIALOG',
    'RICH_CONTENT',
  ],
}
