import assert from 'node:assert/strict';
import { exec } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { missing, someone, Theatre, type Actor } from './stage.js';

const RESTART = process.env['CARILLON_RESTART'];

describe('two people in two browsers', { skip: missing, timeout: 600_000 }, () => {
  let theatre: Theatre;
  before(async () => {
    theatre = await Theatre.open();
  });
  after(() => theatre.close());

  /** Two people, and a call that the second one sees ringing. */
  async function ringing(how: 'sound' | 'video'): Promise<{ ada: Actor; bela: Actor; names: { ada: string; bela: string } }> {
    const names = { ada: someone('Ada'), bela: someone('Bela') };
    const bela = await theatre.enter(names.bela);
    const ada = await theatre.enter(names.ada);
    await ada.call(names.bela, how);
    await bela.rings(names.ada);
    await ada.stage('Ringing…');
    return { ada, bela, names };
  }

  /** The same, accepted, with pictures on both sides. */
  async function talking(): Promise<{ ada: Actor; bela: Actor; names: { ada: string; bela: string } }> {
    const scene = await ringing('video');
    await scene.bela.accept();
    await Promise.all([scene.ada.seesVideo(), scene.bela.seesVideo()]);
    return scene;
  }

  test('pictures arrive on both sides, flags are told, and at the end everything is released', async () => {
    const { ada, bela, names } = await ringing('video');
    await Promise.all([ada.shot('calling'), bela.shot('ring')]);
    await bela.accept();
    await Promise.all([ada.seesVideo(), bela.seesVideo()]);
    await ada.shot('call');
    await bela.press('Mute');
    await ada.stage(`${names.bela} is muted`);
    await bela.press('Hold');
    await ada.stage(`${names.bela} put you on hold`);
    await ada.shot('held');
    await bela.press('Resume');
    await ada.seesVideo();
    await bela.press('Camera off');
    await ada.page.locator('.stage:not(.picture)').waitFor();
    await bela.press('Camera on');
    await ada.seesVideo();
    await ada.press('End call');
    await Promise.all([ada.stage('Call ended'), bela.stage('Call ended')]);
    assert.match(await ada.page.locator('.stage .numbers').innerText(), /^\d+:\d\d$/);
    await Promise.all([ada.released(), bela.released()]);
    await ada.shot('over');
    await ada.page.locator('.history').getByText(names.bela).waitFor();
    for (const actor of [ada, bela]) actor.content();
  });

  test('a camera switched on in a call of sound is negotiated', async () => {
    const { ada, bela } = await ringing('sound');
    await bela.accept();
    await ada.page.getByRole('timer').waitFor();
    await bela.page.getByRole('timer').waitFor();
    await bela.press('Camera on');
    await ada.seesVideo();
    await ada.press('Camera on');
    await bela.seesVideo();
    await bela.press('End call');
    await Promise.all([ada.released(), bela.released()]);
    for (const actor of [ada, bela]) actor.content();
  });

  test('a screen is shown in place of the camera, and the camera after it', async () => {
    const { ada, bela, names } = await talking();
    await ada.press('Share screen');
    await bela.stage(`${names.ada} shows a screen`);
    await bela.seesVideo();
    await ada.press('Stop sharing');
    await bela.page.getByText(`${names.ada} shows a screen`).waitFor({ state: 'detached' });
    await bela.seesVideo();
    await ada.press('End call');
    await Promise.all([ada.released(), bela.released()]);
    for (const actor of [ada, bela]) actor.content();
  });

  test('declined', async () => {
    const { ada, bela } = await ringing('video');
    await bela.dialog.getByRole('button', { name: 'Decline' }).click();
    await ada.stage('Declined');
    await bela.quiet();
    await ada.released();
  });

  test('taken back by the caller, the call is missed', async () => {
    const { ada, bela } = await ringing('sound');
    await ada.press('Cancel');
    await ada.stage('Cancelled');
    await bela.quiet();
    await bela.page.locator('.history .missed').waitFor();
  });

  test('nobody answers', async () => {
    const names = { ada: someone('Ada'), bela: someone('Bela') };
    const bela = await theatre.enter(names.bela);
    const ada = await theatre.enter(names.ada);
    // With the file for <script> tags, which lets the caller choose a short ring.
    await ada.page.addScriptTag({ url: '/client.js' });
    const idOf = (name: string): string => name.toLowerCase().replace(' ', '-');
    const ended = ada.page.evaluate(async ([callee, user_id, name]) => {
      const { CarillonClient } = (globalThis as unknown as { Carillon: typeof import('carillon-client') }).Carillon;
      const client = new CarillonClient({
        deviceId: 'script',
        token: async () => {
          const response = await fetch('/api/v1/dev/tokens', {
            method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user_id, name }) });
          return ((await response.json()) as { token: string }).token;
        },
      });
      client.connect();
      const call = await client.call(callee!, { timeouts: { ringMs: 5_000 } });
      const { reason } = await new Promise<{ reason?: string }>((resolve) => call.on('ended', resolve));
      client.close();
      return reason;
    }, [idOf(names.bela), idOf(names.ada), names.ada]);
    await bela.rings(names.ada);
    assert.equal(await ended, 'no_answer');
    await bela.quiet();
    await bela.page.locator('.history .missed').waitFor();
    ada.content();
  });

  test('the second device of the same person stops ringing', async () => {
    const names = { ada: someone('Ada'), bela: someone('Bela') };
    const desk = await theatre.enter(names.bela);
    const phone = await theatre.enter(names.bela, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const ada = await theatre.enter(names.ada);
    await ada.call(names.bela, 'video');
    await Promise.all([desk.rings(names.ada), phone.rings(names.ada)]);
    await phone.shot('ring-phone');
    await desk.accept();
    await phone.quiet();
    await phone.page.getByText(/Answered on another device/).waitFor();
    await phone.shot('elsewhere-phone');
    await desk.seesVideo();
    assert.equal(await phone.page.locator('.stage.online').count(), 0);
    await desk.press('End call');
  });

  test('a line cut while it rings: the ring comes back once, and can be answered', async () => {
    const { ada, bela, names } = await ringing('video');
    bela.wire.cut();
    await bela.page.getByText('Reconnecting').waitFor();
    bela.wire.mend();
    await bela.connected();
    await bela.rings(names.ada);
    await bela.accept();
    await Promise.all([ada.seesVideo(), bela.seesVideo()]);
    await ada.press('End call');
  });

  test('a call taken back while the line was cut does not ring any more', async () => {
    const { ada, bela } = await ringing('sound');
    bela.wire.cut();
    await bela.page.getByText('Reconnecting').waitFor();
    await ada.press('Cancel');
    await ada.stage('Cancelled');
    bela.wire.mend();
    await bela.connected();
    await bela.quiet();
    await bela.page.locator('.history .missed').waitFor();
  });

  test('a line cut in a call: the picture stays, and what is told afterwards arrives', async () => {
    const { ada, bela, names } = await talking();
    bela.wire.cut();
    await bela.page.getByText('Reconnecting').waitFor();
    await ada.seesVideo();
    bela.wire.mend();
    await bela.connected();
    await bela.press('Mute');
    await ada.stage(`${names.bela} is muted`);
    await Promise.all([ada.seesVideo(), bela.seesVideo()]);
    await ada.press('End call');
    await bela.released();
  });

  test('either side may load its page anew and is back in the call', async () => {
    const { ada, bela } = await talking();
    for (const [one, two] of [[ada, bela], [bela, ada]] as const) {
      await one.page.reload();
      await one.connected();
      await Promise.all([one.seesVideo(), two.seesVideo()]);
    }
    await ada.press('End call');
    await Promise.all([ada.released(), bela.released()]);
    for (const actor of [ada, bela]) actor.content();
  });

  test('the caller may load the page anew while it rings', async () => {
    const { ada, bela } = await ringing('video');
    await ada.page.reload();
    await ada.connected();
    await ada.stage('Ringing…');
    await bela.accept();
    await Promise.all([ada.seesVideo(), bela.seesVideo()]);
    await ada.press('End call');
    await Promise.all([ada.released(), bela.released()]);
  });

  for (const [how, signal] of [['stopped and started again', 'SIGTERM'], ['killed and started again', 'SIGKILL']] as const) {
    const skip = RESTART === undefined ? 'CARILLON_RESTART gives no command for that' : false;
    test(`the node is ${how} in a call`, { skip }, async () => {
      const { ada, bela, names } = await talking();
      const restarted = promisify(exec)(RESTART!, { env: { ...process.env, CARILLON_SIGNAL: signal } });
      await Promise.all([ada, bela].map((actor) => actor.page.getByText('Reconnecting').waitFor()));
      // Pictures go from browser to browser; only what is told has to wait.
      await Promise.all([ada.seesVideo(), bela.seesVideo()]);
      await restarted;
      await Promise.all([ada.connected(), bela.connected()]);
      await bela.press('Mute');
      await ada.stage(`${names.bela} is muted`);
      await Promise.all([ada.seesVideo(), bela.seesVideo()]);
      await ada.press('End call');
      await Promise.all([ada.stage('Call ended'), bela.stage('Call ended')]);
      await Promise.all([ada.released(), bela.released()]);
    });
  }

  test('who is here is shown, and who has gone', async () => {
    const names = { ada: someone('Ada'), bela: someone('Bela') };
    const bela = await theatre.enter(names.bela);
    const ada = await theatre.enter(names.ada);
    const row = ada.page.locator('.people li').filter({ hasText: names.bela });
    await row.getByText('here now').waitFor();
    await bela.page.close();
    await row.getByText('not here').waitFor();
  });

  test('a duplicated tab is a device of its own', async () => {
    const ada = await theatre.enter(someone('Ada'));
    // What duplicating does: the same storage, the device id in it.
    const storage = await ada.page.evaluate(() => JSON.stringify(sessionStorage));
    const twin = await ada.page.context().newPage();
    await twin.addInitScript((kept) => {
      if (sessionStorage.length === 0) Object.assign(sessionStorage, JSON.parse(kept));
    }, storage);
    await twin.goto(`${ada.wire.origin}/demo/`);
    await twin.getByRole('status').getByText('Connected', { exact: true }).waitFor();
    await ada.connected();
    const device = (page: typeof twin): Promise<string | null> => page.evaluate(() => sessionStorage.getItem('carillon.demo.device'));
    assert.notEqual(await device(twin), await device(ada.page));
  });
});
