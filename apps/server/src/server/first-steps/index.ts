export { type FirstSteps, takeFirstSteps } from './take.ts'
export { describePortError } from './try-machine.ts'
