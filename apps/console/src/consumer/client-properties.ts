/** What the page says of itself to the server, in the words of the protocol (`.ClientProperties`). */
export interface ClientProperties {
  type: '.ClientProperties'
  appId: string
  appVersion: string
  deviceFamily: 'DESKTOP' | 'TABLET' | 'MOBILE'
  os: string
  osVersion?: string
  integration: 'WEB_SDK'
  integrationVersion: string
  browser: string
  browserVersion?: string
  timeZone: string
  features: string[]
}

const VERSION = '1.0.0'

/** In this order: the first that fits. Browsers name others for the sake of old pages. */
const BROWSERS: [name: string, pattern: RegExp][] = [
  ['EDGE', /\bEdg(?:e|A|iOS)?\/([\d.]+)/],
  ['OPERA', /\b(?:OPR|Opera)\/([\d.]+)/],
  ['FIREFOX', /\b(?:Firefox|FxiOS)\/([\d.]+)/],
  ['CHROME', /\b(?:(?:Headless)?Chrome|CriOS)\/([\d.]+)/],
  ['SAFARI', /\bVersion\/([\d.]+).*\bSafari\//],
]
const SYSTEMS: [name: string, pattern: RegExp][] = [
  ['IOS', /\b(?:iPhone|iPad|iPod)\b.*?\bOS ([\d_]+)/],
  ['ANDROID', /\bAndroid ([\d.]+)/],
  ['WINDOWS', /\bWindows NT ([\d.]+)/],
  ['OSX', /\bMac OS X ([\d_.]+)/],
  ['LINUX', /\bLinux\b()/],
]

export function clientProperties(
  features: string[],
  userAgent = navigator.userAgent,
): ClientProperties {
  const system = firstFit(SYSTEMS, userAgent)
  const browser = firstFit(BROWSERS, userAgent)
  return {
    type: '.ClientProperties',
    appId: 'parley-consumer',
    appVersion: VERSION,
    deviceFamily: deviceFamily(userAgent),
    os: system.name,
    ...(system.version && { osVersion: system.version.replaceAll('_', '.') }),
    integration: 'WEB_SDK',
    integrationVersion: VERSION,
    browser: browser.name,
    ...(browser.version && { browserVersion: browser.version }),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    features,
  }
}

function deviceFamily(userAgent: string): ClientProperties['deviceFamily'] {
  if (/\biPad\b|\bAndroid\b(?!.*\bMobile\b)/.test(userAgent)) return 'TABLET'
  return /\bMobile\b|\biPhone\b/.test(userAgent) ? 'MOBILE' : 'DESKTOP'
}

function firstFit(
  table: [name: string, pattern: RegExp][],
  userAgent: string,
): { name: string; version?: string | undefined } {
  for (const [name, pattern] of table) {
    const found = pattern.exec(userAgent)
    if (found) return { name, version: found[1] }
  }
  return { name: 'OTHER' }
}
