export type { ProviderAnswer } from './call-provider.ts'
export { type Authorization, openAuthorization } from './open.ts'
export { type Asking, isForPeople, sendProblem } from './asking.ts'
