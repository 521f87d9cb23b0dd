// tries: to fill memory with files
// must: dies alone
const fs = require('fs')
function lambda() {
  for (let n = 0; ; n += 1) fs.writeFileSync(`/tmp/${n}`, Buffer.alloc(1 << 22, 1))
}
