namespace SecuTicket.Browser.Tests.Site;

/// <summary>When a gate's camera is on and what it sees, tried with one that the test has in its hand.</summary>
[Collection(SecondChromium.Name)]
[Trait("Length", "longer")]
public sealed class EntranceCameraTests(ChromiumFixture chromium, SiteFixture site)
{
    [SkippableFact]
    public async Task A_camera_that_comes_when_nobody_wants_it_any_more_is_turned_off_again()
    {
        var found = await EntranceStage.RunAsync(
            await chromium.NewPageAsync(),
            await site.UrlAsync(),
            """
            const { Camera, canRead } = await from("entrance/camera");
            const found = [];
            const set = (on, name, value) => Object.defineProperty(on, name, { configurable: true, value });
            let [formats, seen] = [[], async () => []];
            found.push(`no detector ${await canRead()}`);
            globalThis.BarcodeDetector = class { static async getSupportedFormats() { return formats; } constructor(of) { found.push(JSON.stringify(of)); } detect() { return seen(); } };
            found.push(`no codes ${await canRead()}`);
            formats = ["ean_13", "qr_code"];
            found.push(`codes ${await canRead()}`);
            const wanted = [];
            set(navigator, "mediaDevices", undefined);
            found.push(`no cameras ${await canRead()}`);
            set(navigator, "mediaDevices", { getUserMedia: (of) => new Promise((grant, refuse) => wanted.push({ of, grant, refuse })) });

            const timers = [];
            const later = setTimeout;
            globalThis.setTimeout = (act, wait) => timers.push({ act, wait });
            const rest = () => new Promise((go) => later(go));
            const video = { srcObject: null, played: 0, async play() { this.played++; } };
            const camera = new Camera(video, (text) => found.push(`seen ${text}`), (fault) => found.push(`${fault?.name ?? "turned"} ${camera.isOn}`));
            const streams = [];
            const grant = async (at) => { const one = { live: true, getTracks: () => [{ stop() { one.live = false; } }] }; streams.push(one); wanted[at].grant(one); await rest(); };
            const stands = () => found.push(`${streams.map((one) => one.live).join(" ")} ${video.srcObject === null ? "dark" : streams.indexOf(video.srcObject)} ${wanted.length}`);
            const hide = (isHidden) => { set(document, "hidden", isHidden); document.dispatchEvent(new Event("visibilitychange")); };

            // Stopped, or not seen, before it came; or asked for twice.
            camera.start();
            camera.stop();
            await grant(0);
            stands();
            camera.start();
            hide(true);
            await grant(1);
            stands();
            hide(false);
            hide(true);
            hide(false);
            await grant(2);
            await grant(3);
            stands();
            found.push(JSON.stringify(wanted[3].of), `played ${video.played}`);

            // It looks again and again, also where it could not look; what it saw last is no reason to look once more when it is off.
            seen = async () => { throw new DOMException("not yet", "InvalidStateError"); };
            await timers.shift().act();
            seen = async () => [{ rawValue: "a" }, { rawValue: "b" }];
            found.push(String(timers[0].wait));
            await timers.shift().act();
            camera.stop();
            seen = async () => [{ rawValue: "c" }];
            await timers.shift().act();
            stands();
            found.push(`timers ${timers.length}`);
            hide(true);
            hide(false);
            stands();

            camera.start();
            wanted.at(-1).refuse(new DOMException("busy", "NotReadableError"));
            await rest();
            found.push(await said(() => { const fault = camera.start(); wanted.at(-1).refuse(new RangeError("odd")); return fault; }));
            return found;
            """);

        found.Should().Equal(
            "no detector false", "no codes false", "codes true", "no cameras false", "turned true", "turned false", "false dark 1", "turned true", "false false dark 2", "turned true", "turned true", """{"formats":["qr_code"]}""",
            "false false true false 2 4", """{"video":{"facingMode":"environment"},"audio":false}""", "played 1", "120", "seen a", "seen b", "turned false", "false false false false dark 4", "timers 0", "false false false false dark 4",
            "turned true", "NotReadableError false", "turned true", "RangeError odd");
    }
}
