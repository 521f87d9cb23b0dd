export { openRouting, type Routing } from './open.ts'
export { routingRows } from './routing-rows.ts'
