import type { ConsumerProfile } from '@parley/contract'
import type { VisitorAttribute } from '#messaging/people'

/** The names of engagement attributes in this API, by the type that they are set with. */
const TYPES = new Map(
  Object.entries({
    ctmrinfo: { sdeType: 'CUSTOMER_INFO', member: 'customerInfo', inner: 'info' },
    personal: { sdeType: 'PERSONAL_INFO', member: 'personalInfo', inner: 'personal' },
    mrktInfo: {
      sdeType: 'MARKETING_CAMPAIGN_INFO',
      member: 'marketingCampaignInfo',
      inner: 'marketing',
    },
    lead: { sdeType: 'LEAD', member: 'lead', inner: 'lead' },
    service: { sdeType: 'SERVICE_ACTIVITY', member: 'serviceActivity', inner: 'service' },
    cart: { sdeType: 'CART_STATUS', member: 'cartStatus', inner: 'products' },
    purchase: { sdeType: 'PURCHASE', member: 'purchase', inner: 'cart' },
    prodView: { sdeType: 'VIEWED_PRODUCT', member: 'viewedProduct', inner: 'products' },
    error: { sdeType: 'VISITOR_ERROR', member: 'visitorError', inner: 'error' },
    searchInfo: { sdeType: 'SEARCH_CONTENT', member: 'searchContent', inner: 'keywords' },
  }),
)

interface Events {
  events: object[]
}

/** Attributes from the identity provider (`sdes`), and those that the consumer, pages and functions have set (`unAuthSdes`). */
export function sdesOf(
  profile: ConsumerProfile,
  visit: readonly VisitorAttribute[],
  at: number,
): { sdes: Events; unAuthSdes: Events } {
  const said = (profile.authenticatedData?.lp_sdes ?? []).map((sde) => event(sde, at))
  const set = visit.map((attribute) => event(attribute.sde, attribute.at))
  return {
    sdes: { events: (profile.claims?.lp_sdes ?? []).map((sde) => event(sde, at)) },
    unAuthSdes: { events: [...said, ...set] },
  }
}

function event(sde: Record<string, unknown>, at: number): object {
  const serverTimeStamp = String(at)
  const type = TYPES.get(String(sde['type']))
  if (!type) return { sdeType: String(sde['type']), serverTimeStamp, ...sde }
  const { sdeType, member, inner } = type
  return {
    [member]: { serverTimeStamp, [member]: sde[inner] ?? sde },
    sdeType,
    serverTimeStamp,
  }
}
