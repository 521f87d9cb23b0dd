import type { CbotEventType } from '@parley/contract/events'
import type { AgentSocket } from '#testing'
import {
  closed,
  controllerOf,
  MINUTE_MS,
  normal,
  type Scenario,
  type ScenarioDeps,
  served,
} from './scenario.fixture.ts'

const pids = (
  { consumer, scene }: ScenarioDeps,
  ...agents: [AgentSocket, string][]
): { id: string; role: string }[] => [
  { id: consumer.consumerId, role: 'CONSUMER' },
  ...agents.map(([{ pid }, role]) => ({ id: pid, role })),
  { id: controllerOf(scene).pid, role: 'CONTROLLER' },
]

/** What agents do. */
export const agentScenarios = {
  async AGENT_END_CONVERSATION(deps) {
    const { agent, conversationId } = await served(deps)
    const field = { field: 'ConversationStateField', conversationState: 'CLOSE' }
    await agent.update(conversationId, field)
    return {
      conversationId,
      by: agent,
      general: closed,
      section: { end: { closeReason: 'AGENT' } },
    }
  },

  async ENGAGEMENT_TRANSFERED(deps) {
    const { inputs } = deps
    const { agent, conversationId } = await served(deps)
    const oldSkillId = inputs.request.skillId
    const newSkillId = oldSkillId === '1001' ? '1002' : '1001'
    await agent.update(conversationId, { field: 'Skill', type: 'UPDATE', skill: newSkillId })
    return {
      conversationId,
      by: agent,
      general: {},
      section: { routing: { oldSkillId, newSkillId } },
    }
  },

  async YOU_ARE_CONNECTED_TO(deps) {
    const { agent, conversationId } = await served(deps)
    return {
      conversationId,
      by: agent,
      general: {},
      section: {
        participantChange: {
          oldParticipants: pids(deps),
          newParticipants: pids(deps, [agent, 'ASSIGNED_AGENT']),
        },
      },
    }
  },

  async BACK_TO_QUEUE(deps) {
    const { scene } = deps
    const { agent, conversationId } = await served(deps)
    await scene.clock.advance(MINUTE_MS)
    await agent.update(conversationId, {
      field: 'ParticipantsChange',
      type: 'REMOVE',
      role: 'ASSIGNED_AGENT',
    })
    return {
      conversationId,
      by: agent,
      general: { backToQueueTs: scene.clock.now() },
      section: {
        participantChange: {
          oldParticipants: pids(deps, [agent, 'ASSIGNED_AGENT']),
          newParticipants: pids(deps),
        },
      },
    }
  },

  async ANOTHER_AGENT_JOINED_CONVERSATION(deps) {
    const { agent, conversationId } = await served(deps)
    const second = await deps.agent(1)
    await second.update(conversationId, { field: 'ParticipantsChange', type: 'ADD', role: 'AGENT' })
    return {
      conversationId,
      by: second,
      role: 'AGENT',
      general: {},
      section: {
        participantChange: {
          oldParticipants: pids(deps, [agent, 'ASSIGNED_AGENT']),
          newParticipants: pids(deps, [agent, 'ASSIGNED_AGENT'], [second, 'AGENT']),
        },
      },
    }
  },

  async JOINED_AGENT_LEFT_CONVERSATION(deps) {
    const { agent, conversationId } = await served(deps)
    const second = await deps.agent(1)
    const change = { field: 'ParticipantsChange', role: 'AGENT' }
    await second.update(conversationId, { ...change, type: 'ADD' })
    await second.update(conversationId, { ...change, type: 'REMOVE' })
    return {
      conversationId,
      by: second,
      role: 'AGENT',
      general: {},
      section: {
        participantChange: {
          oldParticipants: pids(deps, [agent, 'ASSIGNED_AGENT'], [second, 'AGENT']),
          newParticipants: pids(deps, [agent, 'ASSIGNED_AGENT']),
        },
      },
    }
  },

  async AGENT_UPDATED_RESPONSE_TIME(deps) {
    const { agent, conversationId } = await served(deps)
    await agent.update(conversationId, { field: 'TTRField', ttrType: 'CUSTOM', value: 77 })
    return {
      conversationId,
      by: agent,
      general: {},
      section: { ttr: { oldTtr: normal, newTtr: { ttrType: 'CUSTOM', value: 77 } } },
    }
  },
} satisfies Partial<Record<CbotEventType, Scenario>>
