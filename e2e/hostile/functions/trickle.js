// tries: to get an endless answer by sending a little all the time
// must: refused
async function lambda({ payload: { site } }) {
  const http = require('http')
  const read = (path) => new Promise((done) => {
    let bytes = 0
    const request = http.request(`http://${site}${path}`, { method: 'POST' })
    const timer = setInterval(() => request.write('x'), 5)
    const end = () => { clearInterval(timer); request.destroy(); done(bytes) }
    request.on('response', (response) => {
      response.on('data', (chunk) => { bytes += chunk.length; if (bytes > 40e6) end() })
      response.on('close', end).on('error', end)
    })
    request.on('error', end)
    request.write('x')
  })
  const amounts = [await read('/endless'), await read('/endless?again')]
  return { escaped: amounts.filter((bytes) => bytes > 10485760) }
}
