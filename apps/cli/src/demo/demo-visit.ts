import type { Visit } from '@parley/client'
import { newId } from '@parley/client/socket'

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'OSX',
  linux: 'LINUX',
  win32: 'WINDOWS',
}

/** What a consumer's browser says of itself, so that functions find in the demo what they find in life. */
export function demoVisit(): Visit {
  return {
    visitorId: newId(),
    sessionId: newId(),
    interactionContextId: '1',
    language: 'en-US',
    campaignInfo: { campaignId: '2327699812', engagementId: '2327699912' },
    clientProperties: {
      type: '.ClientProperties',
      appId: 'parley-demo',
      deviceFamily: 'DESKTOP',
      os: SYSTEMS[process.platform] ?? 'OTHER',
      integration: 'WEB_SDK',
      browser: 'NODE',
      browserVersion: process.versions.node,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      features: ['AUTO_MESSAGES', 'MULTI_DIALOG', 'QUICK_REPLIES', 'RICH_CONTENT'],
    },
  }
}
