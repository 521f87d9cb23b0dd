import type { Place } from './identity.ts'

/**
 * What the tag says that embeds the window:
 * `<script src="…/consumer.js" data-account="12345678" data-skill="1001"></script>`.
 */
export interface Tag extends Place {
  /** A page of its own; else a button in the corner of the page around. */
  isPage: boolean
  channel: 'messaging' | 'chat'
  skillId: string | undefined
  /** Of the page and of its conversations; the browser's unless given. */
  language: string
  campaignId: string | undefined
  engagementId: string | undefined
  /** Whether consumers can sign in. */
  signsIn: boolean
}

export function readTag({ dataset, src }: HTMLScriptElement): Tag {
  const { account, page, channel, skill, language, campaign, engagement, signIn } = dataset
  if (!account) throw new Error('The script tag needs data-account')
  return {
    origin: new URL(src).origin,
    accountId: account,
    isPage: page !== undefined,
    channel: channel === 'chat' ? 'chat' : 'messaging',
    skillId: skill || undefined,
    language: language || navigator.language,
    campaignId: campaign || undefined,
    engagementId: engagement || undefined,
    signsIn: signIn !== undefined,
  }
}
