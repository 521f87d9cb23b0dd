export { openPeople, type People } from './open.ts'
export type { VisitorAttribute } from './visitors.ts'
