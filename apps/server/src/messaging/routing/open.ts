import { withDeps } from '#base/kernel'
import { agentGoneTimer } from './agent-gone.ts'
import * as agents from './agents.ts'
import type { RoutingDeps } from './deps.ts'
import { watchNodes } from './nodes.ts'
import * as rings from './rings.ts'
import { routingConsumer } from './routing-consumer.ts'
import { routeWhenUsersChange } from './users-changed.ts'

/** Rings agents for conversations that wait; knows which agents are there, and on which nodes. */
export type Routing = ReturnType<typeof openRouting>

/** Registers its outbox consumer and its timer with `delivery`: open it before `delivery.start()`. */
export function openRouting(deps: RoutingDeps) {
  const { delivery } = deps
  delivery.consume(routingConsumer(deps))
  delivery.onTimer(agentGoneTimer(deps))
  routeWhenUsersChange(deps)
  const nodes = watchNodes(deps)
  return {
    ...withDeps(deps, { ...agents, ...rings }),
    [Symbol.asyncDispose]: () => nodes[Symbol.asyncDispose](),
  }
}
