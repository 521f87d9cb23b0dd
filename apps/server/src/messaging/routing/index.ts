export { isSkillDeleted } from './deleted-skills.ts'
export { openRouting, type Routing } from './open.ts'
export { routingRows } from './routing-rows.ts'
