import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { missing, someone, Theatre, type Actor } from './stage.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with what axe finds, by rule and element. */
async function clean(actor: Actor, where: string): Promise<void> {
  // Once what moves has come to rest: a colour in the middle of a fade is nobody's choice.
  await actor.page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity).map((animation) => animation.finished)).then(() => undefined));
  await actor.page.evaluate(axe);
  const found = await actor.page.evaluate(async () => {
    type Result = { violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[] };
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<Result> } }).axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`));
  });
  assert.deepEqual(found, [], where);
}

describe('the page for everybody', { skip: missing, timeout: 600_000 }, () => {
  let theatre: Theatre;
  before(async () => {
    theatre = await Theatre.open();
  });
  after(() => theatre.close());

  for (const [kind, options] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
  ] as const) {
    test(`axe finds nothing in any state: ${kind}`, async () => {
      const names = { ada: someone('Ada'), bela: someone('Bela') };
      const stranger = await theatre.stranger(options);
      await clean(stranger, 'welcome');
      const bela = await theatre.enter(names.bela, options);
      const ada = await theatre.enter(names.ada, options);
      await ada.page.locator('.people').getByText(names.bela).waitFor();
      await clean(ada, 'board');
      await ada.call(names.bela, 'video');
      await bela.rings(names.ada);
      await ada.stage('Ringing…');
      await clean(bela, 'ring');
      await clean(ada, 'calling');
      await bela.accept();
      await Promise.all([ada.seesVideo(), bela.seesVideo()]);
      await clean(ada, 'call');
      await bela.press('Hold');
      await ada.stage(/put you on hold/);
      await clean(ada, 'held');
      await ada.press('End call');
      await ada.stage('Call ended');
      if (kind === 'phone') await ada.page.getByRole('button', { name: 'Frames' }).click();
      await ada.page.locator('.frame summary').last().click();
      await clean(ada, 'over, with a frame open');
    });
  }

  test('a call by keyboard alone', async () => {
    const names = { ada: someone('Ada'), bela: someone('Bela') };
    const bela = await theatre.stranger();
    await bela.page.getByPlaceholder('or type your name').focus();
    await bela.page.keyboard.type(names.bela);
    await bela.page.keyboard.press('Enter');
    await bela.connected();
    const ada = await theatre.enter(names.ada);
    await ada.page.getByLabel('Find or type a name to call').focus();
    await ada.page.keyboard.type(names.bela);
    await ada.page.keyboard.press('Enter');
    await bela.rings(names.ada);

    const focused = (): Promise<string> => bela.page.evaluate(() => document.activeElement?.textContent ?? '');
    assert.equal(await bela.page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Accept');
    for (let i = 0; i < 6; i += 1) {
      await bela.page.keyboard.press('Tab');
      const inside = await bela.page.evaluate(() =>
        document.activeElement === document.body || document.querySelector('dialog')!.contains(document.activeElement));
      assert.ok(inside, `the focus left the ring to ${await focused()}`);
    }
    await bela.page.keyboard.press('Escape');
    await bela.dialog.getByText('Silenced').waitFor();
    await bela.rings(names.ada);
    await bela.dialog.getByRole('button', { name: 'Accept' }).focus();
    await bela.page.keyboard.press('Enter');
    await bela.page.getByRole('timer').waitFor();
    await ada.page.getByLabel('Call controls').getByRole('button', { name: 'End call' }).focus();
    await ada.page.keyboard.press('Enter');
    await ada.stage('Call ended');
    assert.equal(await ada.page.evaluate(() => document.activeElement?.tagName), 'H2', 'the focus is where the news is');
  });

  test('a phone has nothing wider than its screen', async () => {
    const phone = await theatre.enter(someone('Ada'), { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true });
    for (const tab of ['Call', 'History', 'Frames']) {
      await phone.page.getByRole('navigation').getByRole('button', { name: tab }).click();
      const { width, inner } = await phone.page.evaluate(() => ({ width: document.documentElement.scrollWidth, inner: innerWidth }));
      assert.ok(width <= inner, `${tab}: ${width} > ${inner}`);
    }
  });
});
