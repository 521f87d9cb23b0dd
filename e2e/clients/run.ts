import { startParley } from '../live/parley.ts'
import { showAgentSdk } from './agent-sdk-suite.ts'
import { showFunctionsClient } from './functions-client-suite.ts'
import { installClients } from './install.ts'
import { showLpf } from './lpf-suite.ts'
import { openOperations } from './operations.ts'
import { withParley } from './with-parley.ts'
import { removeFolder } from '../live/remove-folder.ts'

const clients = installClients()
const operations = openOperations()
try {
  await using parley = await startParley()
  const children = withParley(parley, clients)
  await showLpf(children, operations)
  await showFunctionsClient(children, operations)
  await showAgentSdk(children, operations)
} finally {
  removeFolder(clients)
}
process.exitCode = operations.close()
