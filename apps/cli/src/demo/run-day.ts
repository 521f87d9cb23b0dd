import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Agent,
  call,
  type Consumer,
  openAgent,
  openConsumer,
  type Session,
} from '@parley/client'
import { putCalendar, setAutomaticMessage, WEEKDAYS } from '@parley/contract'
import type { Connection } from '../connection.ts'
import { type TimedMessage, collectMessages } from './collect-messages.ts'
import { demoVisit } from './demo-visit.ts'
import { speech } from './scenes.ts'
import type { Stage } from './stage.ts'
import { openDemoThings } from './demo-things.ts'
import { accepted } from './accepted.ts'

const CODE = readFileSync(join(import.meta.dirname, 'day-function.js'), 'utf8')
const EVENTS = [
  'new_conversation',
  'ttr',
  'participants_change',
  'conversation_idle',
  'conversation_routing',
  'conversation_end',
].map((name) => `controllerbot_messaging_${name}`)
const ALL_DAY = [{ from: '00:00', to: '24:00' }]
const WEEK_OPEN = Object.fromEntries(WEEKDAYS.map((day) => [day, ALL_DAY]))
const IDLE_SECONDS = 1

interface Day {
  session: Session
  stage: Stage
  consumer: Consumer
  agent: Agent
  skillId: string
  otherSkillId: string
}

/** What happens, the event that it raises, and the text with which the function answers. */
interface Scene {
  happens: string
  event: string
  answer: string
  act(): Promise<unknown>
}

/** A day of a contact centre in a few seconds: closed, urgent, connected, idle, transferred, ended. */
export async function runDay({
  connection,
  stage,
  session,
}: {
  connection: Connection
  stage: Stage
  session: Session
}): Promise<void> {
  await using around = openDemoThings(session)
  const tag = crypto.randomUUID().slice(0, 8)
  const skillId = await around.addSkill(`Parley demo ${tag}`)
  const otherSkillId = await around.addSkill(`Parley demo ${tag}, second`)
  const skills = [skillId, otherSkillId]
  await around.lendSkills(connection.agent.user, skills)
  for (const eventId of EVENTS) {
    const name = `parley_day_${tag}_${eventId.replace('controllerbot_messaging_', '')}`
    await around.deployFunction({ name, eventId, skills, code: CODE })
  }
  using agent = await openAgent(connection.endpoint, connection.agent)
  using consumer = await openConsumer(connection.endpoint, { visit: demoVisit() })
  const day = { session, stage, consumer, agent, skillId, otherSkillId }
  await setHours(day, {})
  await call(session, setAutomaticMessage, {
    params: { type: 'AGENT_NON_RESPONSIVE' },
    query: { skillId },
    body: { timing: { time: IDLE_SECONDS, timeUnits: 'seconds', repeat: 1 } },
  })
  await live(day)
}

function setHours({ session, skillId }: Day, week: object): Promise<unknown> {
  return call(session, putCalendar, {
    params: { owner: skillId },
    body: { timeZone: 'UTC', week, specialDays: [] },
  })
}

async function live(day: Day): Promise<void> {
  const { consumer, agent, stage } = day
  const firstMessage = collectMessages(consumer)
  let conversationId = ''
  const update = (...fields: object[]) =>
    agent.socket.request('.ams.cm.UpdateConversationField', {
      conversationId,
      conversationField: fields,
    })
  const scenes: Scene[] = [
    {
      happens: 'The consumer opens a conversation; the contact centre is closed',
      event: 'Messaging New Conversation',
      answer: 'We are closed now, but we have your message.',
      async act() {
        conversationId = await consumer.openConversation(day.skillId)
        await consumer.say(conversationId, 'Good evening!')
      },
    },
    {
      happens: 'In the morning it opens again; the consumer marks the matter as urgent',
      event: 'Messaging TTR',
      answer: 'Understood: we hurry.',
      async act() {
        await setHours(day, WEEK_OPEN)
        await consumer.socket.request('cm.UpdateConversationField', {
          conversationId,
          conversationField: [{ field: 'TTRField', ttrType: 'URGENT', value: 0 }],
        })
      },
    },
    {
      happens: 'An agent accepts the ring',
      event: 'Messaging Participants Change',
      answer: 'An agent is with you now.',
      act: () => accepted(agent, conversationId),
    },
    {
      happens: `The consumer writes; the agent says nothing for ${IDLE_SECONDS} s`,
      event: 'Messaging Conversation Idle',
      answer: 'Your agent needs a moment longer.',
      act: () => consumer.say(conversationId, 'Are you there?'),
    },
    {
      happens: 'The agent transfers to another skill',
      event: 'Messaging Conversation Routing',
      answer: 'A colleague with the right skill takes over.',
      act: () =>
        update(
          { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
          { field: 'Skill', type: 'UPDATE', skill: day.otherSkillId },
        ),
    },
    {
      happens: 'The consumer ends the conversation',
      event: 'Messaging Conversation End',
      answer: 'Thank you, and goodbye.',
      act: () => consumer.close(conversationId),
    },
  ]
  for (const { happens, event, answer, act } of scenes) {
    const startedAt = performance.now()
    await act()
    const message = await firstMessage(({ role, text }) => role === 'CONTROLLER' && text === answer)
    show(stage, happens, event, message, message.receivedAt - startedAt)
  }
}

function show(
  stage: Stage,
  happens: string,
  event: string,
  message: TimedMessage,
  tookMs: number,
): void {
  stage.show(speech(message), [
    { text: happens, tone: 'strong' },
    {
      text: `EVENT ${event} → the function's answer is on the socket after ${tookMs.toFixed(0)} ms`,
    },
  ])
}
