import type { Chat, ConsumerProfile } from '@parley/contract'
import { Button } from '../../studio/ui/button.tsx'
import { Facts } from '../../studio/ui/facts.tsx'
import { Ago } from '../../studio/ui/time.tsx'
import { ChatSurvey, Survey } from '../beside/survey.tsx'
import { Earlier } from '../beside/earlier.tsx'
import { Runs } from '../beside/runs.tsx'
import type { Reader } from '../chats/read-chat.ts'
import type { Talk } from '../desk/state.ts'
import { t } from '../words.ts'
import type { PaneProps } from './queue-pane.tsx'
import { nameOf, useConsumer } from './use-consumer.ts'

interface Props extends PaneProps {
  talk: Talk
  /** Whose page it is. */
  reader: Reader
  onLeave: () => void
}

/** What is known of the consumer and of this conversation. */
export function FactsPane({ desk, state, accountId, names, talk, reader, onLeave }: Props) {
  const { chat, conversationId, consumerId, status, language, device } = talk
  const isConnected = state.connection === 'open'
  const profile = useConsumer(desk, consumerId, isConnected)
  const attributes = profile ? attributesOf(profile) : []
  return (
    <>
      <h2>{t.consumer}</h2>
      <Facts facts={chat ? factsOfChat(chat) : profile ? factsOf(profile) : []} />
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
      {chat ? (
        <ChatSurvey chat={chat} />
      ) : (
        <>
          <Survey accountId={accountId} conversationId={conversationId} />
          <Runs accountId={accountId} conversationId={conversationId} />
        </>
      )}
      <Earlier
        desk={desk}
        accountId={accountId}
        talk={talk}
        consumerName={nameOf(profile, consumerId)}
        reader={reader}
        names={names}
      />
    </>
  )
}

function factsOfChat({ consumer, campaignInfo }: Chat) {
  return [
    [t.facts.name, consumer.name],
    [t.facts.email, consumer.email],
    [t.facts.campaign, campaignInfo?.campaignId],
  ] as const
}

function factsOf(profile: ConsumerProfile) {
  const { firstName, lastName, privateData = {}, claims } = profile
  const name = [firstName, lastName].filter(Boolean).join(' ')
  return [
    [t.facts.name, name || undefined],
    [t.facts.email, privateData.email],
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
