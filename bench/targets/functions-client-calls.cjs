// Runs inside the folder of the published clients: calls each function with bodies of each size, by the unmodified client.
'use strict'
const { createRequire } = require('node:module')
const { Client } = createRequire(`${process.cwd()}/`)('liveperson-functions-client')

const { options, functionIds, eventId, sizes, calls, atOnce } = JSON.parse(process.argv[2])
const client = new Client(options)

async function main() {
  for (const lambdaUuid of functionIds) {
    for (const size of sizes) {
      let left = calls
      const work = async () => {
        while (left-- > 0) {
          if (eventId) await client.isImplemented({ eventId })
          const body = { headers: [], payload: { text: 'x'.repeat(size) } }
          await client.invoke({ lambdaUuid, lpEventSource: 'bench', body })
        }
      }
      await Promise.all(Array.from({ length: atOnce }, work))
    }
  }
  process.stdout.write('DONE\n')
}
void main()
