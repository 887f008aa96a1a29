import open from 'open';
const c = await open('/tmp/zz.html'); console.log(c.spawnargs, c.pid, c.exitCode); c.on('exit',(...a)=>console.log('exit',a)); setTimeout(()=>process.exit(),12000)
