// tries: to fail with something that fails itself
// must: fails
function lambda(input, callback) {
  callback({ get message() { throw new Error('trap') }, toJSON() { throw new Error('trap') } })
}
