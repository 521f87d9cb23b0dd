import { agentScenarios } from '../../apps/server/src/bots/controller-bot/agent-scenarios.fixture.ts'
import { consumerScenarios } from '../../apps/server/src/bots/controller-bot/consumer-scenarios.fixture.ts'
import type {
  Scenario,
  Timings,
} from '../../apps/server/src/bots/controller-bot/scenario.fixture.ts'
import { FIRST_INPUTS, openAgent } from '../../apps/server/src/bots/controller-bot/scene.fixture.ts'
import { timeScenarios } from '../../apps/server/src/bots/controller-bot/time-scenarios.fixture.ts'
import { call, type ConsumerSocket, type Scene } from '../../apps/server/testing/index.ts'

export const END = 'controllerbot_messaging_conversation_end'
const timings: Timings = {
  CONV_AWAITING_IN_QUEUE: { time: 90, timeUnits: 'seconds' },
  AGENT_NON_RESPONSIVE: { time: 7, timeUnits: 'minutes' },
  CONSUMER_NON_RESPONSIVE: { time: 3, timeUnits: 'minutes' },
}

/** What raises each published event of the Controller Bot. */
export const scenarios: Record<string, Scenario> = {
  controllerbot_messaging_new_conversation:
    consumerScenarios.CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME,
  controllerbot_messaging_ttr: consumerScenarios.CONSUMER_ASKED_URGENT_RESPONSE_TIME,
  controllerbot_messaging_participants_change: agentScenarios.YOU_ARE_CONNECTED_TO,
  controllerbot_messaging_conversation_idle: timeScenarios.CONV_AWAITING_IN_QUEUE,
  controllerbot_messaging_conversation_routing: agentScenarios.ENGAGEMENT_TRANSFERED,
  controllerbot_messaging_mid_conversation_msg: consumerScenarios.CONSUMER_SEND_MESSAGE_ON_OFFHOURS,
  [END]: consumerScenarios.CONSUMER_END_CONVERSATION,
  controllerbot_messaging_consumer_step_up: consumerScenarios.CONSUMER_STEP_UP,
}

/** Plays the scenario of an event until all that follows is handled. Resolves with its conversation. */
export async function play(
  scene: Scene,
  consumer: ConsumerSocket,
  runScenario: Scenario,
): Promise<string> {
  const timing = { ...timings.CONV_AWAITING_IN_QUEUE, repeat: 1 }
  await call(scene, 'PUT', 'automatic-messages/CONV_AWAITING_IN_QUEUE', { timing })
  await using agents = new AsyncDisposableStack()
  const agent = async (nth?: number) => agents.use(await openAgent(scene, nth))
  const inputs = FIRST_INPUTS
  const { conversationId } = await runScenario({ scene, inputs, timings, consumer, agent })
  await scene.clock.advance(0)
  return conversationId
}
