import { type ConsumerProfile, listConversations } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../studio/api/server.ts'
import { Button } from '../../studio/ui/button.tsx'
import { Facts } from '../../studio/ui/facts.tsx'
import { Loaded } from '../../studio/ui/loaded.tsx'
import { Ago, Instant } from '../../studio/ui/time.tsx'
import type { Talk } from '../desk/state.ts'
import { t } from '../words.ts'
import type { PaneProps } from './queue-pane.tsx'
import { useConsumer } from './use-consumer.ts'

interface Props extends PaneProps {
  talk: Talk
  onLeave: () => void
}

const EARLIER = 10

/** What is known of the consumer and of this conversation. */
export function FactsPane({ desk, state, accountId, names, talk, onLeave }: Props) {
  const { conversationId, consumerId, status, language, device } = talk
  const isConnected = state.connection === 'open'
  const profile = useConsumer(desk, consumerId, isConnected)
  const attributes = profile ? attributesOf(profile) : []
  const earlier = useQuery({
    queryKey: ['conversations', accountId, 'of-consumer', consumerId],
    queryFn: () => ask(accountId, listConversations, { query: { consumerId, limit: EARLIER + 1 } }),
    enabled: consumerId !== '',
  })
  return (
    <>
      <h2>{t.consumer}</h2>
      <Facts facts={profile ? factsOf(profile) : []} />
      {attributes.length > 0 && (
        <>
          <h3>{t.attributes}</h3>
          <Facts facts={attributes} />
        </>
      )}
      <h3>{t.conversation}</h3>
      <Facts
        facts={[
          [t.facts.skill, talk.skillId === '-1' ? undefined : names.skillName(talk.skillId)],
          [t.facts.began, <Ago key="began" at={new Date(talk.startedAt).toISOString()} />],
          [t.facts.language, language],
          [t.facts.device, deviceOf(device)],
        ]}
      />
      {status !== 'mine' && (
        <Button
          onPress={() => {
            desk.forget(conversationId)
            onLeave()
          }}
        >
          {t.takeOff}
        </Button>
      )}
      <h3>{t.earlier}</h3>
      <Loaded query={earlier}>
        {({ conversations }) => {
          const others = conversations.filter((one) => one.conversationId !== conversationId)
          if (others.length === 0) return <p className="faint">{t.noEarlier}</p>
          return (
            <ul className="earlier">
              {others.slice(0, EARLIER).map((one) => (
                <li key={one.conversationId}>
                  <Instant at={one.startedAt} /> {names.skillName(one.skillId)}
                  <span className="talk-last faint">{textOf(one.lastMessage?.event)}</span>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </>
  )
}

function factsOf(profile: ConsumerProfile) {
  const { firstName, lastName, privateData = {}, claims } = profile
  const name = [firstName, lastName].filter(Boolean).join(' ')
  return [
    [t.facts.name, name || undefined],
    [t.facts.email, privateData.email ?? privateData.mail],
    [t.facts.phone, privateData.mobileNum],
    [t.facts.customer, privateData.userId],
    [t.facts.proven, claims?.iss === undefined ? t.facts.notProven : t.facts.isProven],
  ] as const
}

/** Engagement attributes of the identity and of the visit, one line for each value. */
function attributesOf({ claims, authenticatedData }: ConsumerProfile): [string, string][] {
  const all = [...(claims?.lp_sdes ?? []), ...(authenticatedData?.lp_sdes ?? [])]
  const lines = all.flatMap((sde) => valuesOf(sde, []))
  return [...new Map(lines)]
}

function valuesOf(value: unknown, path: readonly string[]): [string, string][] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, member]) =>
      // Its own kind says nothing that the name of what it holds does not say.
      name === 'type' && path.length === 0 ? [] : valuesOf(member, [...path, name]),
    )
  }
  const isShown = ['string', 'number', 'boolean'].includes(typeof value)
  return isShown ? [[path.join(' · '), `${value as string | number | boolean}`]] : []
}

function deviceOf(device: Talk['device']): string | undefined {
  const parts = ['browser', 'osName', 'os', 'deviceFamily'].flatMap((name) => {
    const value = device[name]
    return typeof value === 'string' && value !== '' ? [value] : []
  })
  return parts.length === 0 ? undefined : [...new Set(parts)].slice(0, 2).join(', ')
}

function textOf(event: unknown): string {
  if (typeof event !== 'object' || event === null || !('message' in event)) return ''
  return typeof event.message === 'string' ? event.message : ''
}
