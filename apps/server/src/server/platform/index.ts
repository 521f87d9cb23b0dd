export { openPlatformCalls, type OwnListener } from './platform-calls.ts'
export { sandboxPorts } from './sandbox-ports.ts'
