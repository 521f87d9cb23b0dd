import { type ClientProperties, clientProperties } from './client-properties.ts'
import type { Place } from './identity.ts'
import { enterVisit, type Visit } from './visit.ts'

/** What the tag says of where the consumer comes from. */
export interface Embedding extends Place {
  language: string
  campaignId?: string | undefined
  engagementId?: string | undefined
}

/** Where a conversation or a chat comes from, as the page sends it with each, in the words of the protocol. */
export interface Origin {
  context: Visit & { type: 'SharkContext'; lang: string; clientProperties: ClientProperties }
  campaignInfo?: { campaignId?: string | undefined; engagementId?: string | undefined }
}

/**
 * Counts this page as one of the visit.
 * @param features what the window can show
 */
export function originOf(wanted: Embedding, features: string[]): Origin {
  const { language, campaignId, engagementId } = wanted
  return {
    context: {
      type: 'SharkContext',
      lang: language,
      ...enterVisit(wanted),
      clientProperties: clientProperties(features),
    },
    ...((campaignId || engagementId) && { campaignInfo: { campaignId, engagementId } }),
  }
}

/** What a new conversation is asked for with. */
export function requestFrom(
  { context, campaignInfo }: Origin,
  { accountId, skillId }: Place & { skillId?: string | undefined },
): object {
  return {
    brandId: accountId,
    channelType: 'MESSAGING',
    ...(skillId && { skillId }),
    ...(campaignInfo && { campaignInfo }),
    conversationContext: context,
  }
}
