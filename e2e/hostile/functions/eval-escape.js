// tries: to break out of the function that wraps it
// must: fails
function lambda(input, callback) { callback(null, { escaped: typeof queueFrame === 'undefined' && typeof loaded === 'undefined' ? [] : ['scope'] }) }
return lambda
}) ; (function () {
