import { randomUUID } from 'node:crypto'
import { type Agent, call, type Consumer, openConsumer, request } from '@parley/client'
import { getConversation, type WholeConversation } from '@parley/contract'
import { type ChatTalk, openChatTalk } from './chat-talk.ts'
import { ScenarioFailure } from './failure.ts'
import type { StepArguments } from './schema.ts'
import type { World } from './world.ts'

/** One scenario's conversation while it runs. */
export interface Talk {
  readonly world: World
  /** When the scenario began. */
  readonly startedAt: number
  readonly isOpened: boolean
  readonly chat: ChatTalk
  /** The conversation. @throws ScenarioFailure before the consumer has opened it */
  conversation(): Opened
  consumer: {
    opens(opening: StepArguments['consumer opens']): Promise<void>
    says(text: string): Promise<void>
    closes(): Promise<void>
  }
  agent: {
    accepts(): Promise<void>
    says(text: string): Promise<void>
    transfers(to: { skill: string }): Promise<void>
    closes(): Promise<void>
  }
  /** As the administrator sees it. */
  read(): Promise<WholeConversation>
  /** Closes what is still open: later scenarios have nothing to do with it. */
  [Symbol.asyncDispose](): Promise<void>
}

interface Opened {
  readonly conversationId: string
  readonly consumer: Consumer
  agent?: Agent
}

const FEATURES = ['AUTO_MESSAGES', 'MULTI_DIALOG', 'QUICK_REPLIES', 'RICH_CONTENT']
/** How long an agent waits for its ring, in virtual time, and how often it looks. */
const RING_PATIENCE_MS = 180_000
const RING_LOOK_MS = 5_000

export function openTalk(world: World): Talk {
  const startedAt = world.time.now()
  let opened: Opened | undefined
  const chat = openChatTalk(world)

  function conversation(): Opened {
    if (opened) return opened
    throw new ScenarioFailure('There is no conversation yet: "consumer opens" must come before')
  }

  function servingAgent(): Agent {
    const { agent } = conversation()
    if (agent) return agent
    throw new ScenarioFailure('No agent serves the conversation: "agent accepts" must come before')
  }

  async function read(): Promise<WholeConversation> {
    const { conversationId } = conversation()
    return await call(world.session, getConversation, { params: { conversationId } })
  }

  /** The survey while there is one, else the main dialog. */
  async function openDialog(): Promise<string> {
    const { dialogs } = await read()
    const found = dialogs.findLast(({ state }) => state === 'OPEN')
    if (found) return found.dialogId
    throw new ScenarioFailure('The conversation is closed')
  }

  const update = (agent: Pick<Agent, 'socket'>, ...conversationField: object[]) =>
    agent.socket.request('.ams.cm.UpdateConversationField', {
      conversationId: conversation().conversationId,
      conversationField,
    })

  const closing = async () => ({
    field: 'DialogChange',
    type: 'UPDATE',
    dialog: { dialogId: await openDialog(), state: 'CLOSE' },
  })

  return {
    world,
    startedAt,
    get isOpened() {
      return opened !== undefined
    },
    chat,
    conversation,
    read,
    consumer: {
      async opens(opening) {
        if (opened) throw new ScenarioFailure('The conversation is open already')
        const {
          skill,
          language = 'en-US',
          features = FEATURES,
          profile,
          attributes,
        } = opening ?? {}
        const skillId = world.skillId(skill)
        const visit = {
          visitorId: randomUUID(),
          sessionId: randomUUID(),
          interactionContextId: '1',
          language,
          clientProperties: { appId: 'webAsync', features },
        }
        const consumer = await openConsumer(world.session, { visit })
        try {
          if (profile) await consumer.socket.request('userprofile.SetUserProfile', profile)
          if (attributes) await setAttributes(world, visit, attributes)
          const conversationId = await consumer.openConversation(skillId, features)
          opened = { conversationId, consumer }
        } finally {
          if (!opened) consumer[Symbol.dispose]()
        }
      },
      async says(text) {
        const { consumer, conversationId } = conversation()
        await consumer.say(conversationId, text, { dialogId: await openDialog() })
      },
      async closes() {
        const { consumer, conversationId } = conversation()
        await consumer.update(conversationId, await closing())
      },
    },
    agent: {
      async accepts() {
        const current = conversation()
        const until = world.time.now() + RING_PATIENCE_MS
        while (!(await read()).timers.some(({ name }) => name === 'ring')) {
          if (world.time.now() >= until) {
            throw new ScenarioFailure('The conversation has rung no agent for 3 minutes')
          }
          await world.time.until(world.time.now() + RING_LOOK_MS)
        }
        const agent = await world.ringingAgent(current.conversationId)
        await agent.accept(current.conversationId)
        current.agent = agent
      },
      async says(text) {
        const event = { type: 'ContentEvent', contentType: 'text/plain', message: text }
        const { conversationId: dialogId } = conversation()
        await servingAgent().socket.request('ms.PublishEvent', { dialogId, event })
      },
      async transfers({ skill }) {
        await update(
          servingAgent(),
          { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
          { field: 'Skill', type: 'UPDATE', skill: world.skillId(skill) },
        )
        delete conversation().agent
      },
      async closes() {
        await update(servingAgent(), await closing())
      },
    },
    async [Symbol.asyncDispose]() {
      await chat[Symbol.asyncDispose]()
      if (!opened) return
      using consumer = opened.consumer
      if ((await read()).stage === 'OPEN') await consumer.close(opened.conversationId)
    },
  }
}

async function setAttributes(
  { session }: World,
  { visitorId, sessionId }: { visitorId: string; sessionId: string },
  attributes: readonly object[],
): Promise<void> {
  const { url, accountId, bearer } = session
  const path = `/api/account/${accountId}/monitoring/visitors/${visitorId}/visits/current/events?v=1&sid=${sessionId}`
  await request(url, { method: 'PUT', path, bearer, body: attributes })
}
