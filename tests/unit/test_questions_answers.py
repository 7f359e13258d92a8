"""Typed answers: what is fair, what is close, and what must never pass: there a wrong mark could hurt somebody."""

from __future__ import annotations

import pytest

from quiz.questions.answers import CLOSE, distance, mark_typed
from quiz.questions.base import NOT_ANSWERED

FAIR = """
case                     | medial branch             | Medial BRANCH
spaces                   | medial branch             | medial   branch
hyphen for a space       | medial branch             | medial-branch
no space                 | X-ray                     | xray
a space too many         | radiofrequency            | radio frequency
full stop                | medial branch             | medial branch.
quotes                   | medial branch             | "medial branch"
accents                  | Guérin                    | Guerin
an umlaut                | Härtel                    | hartel
ligature                 | œdema                     | oedema
apostrophe               | Tinel's sign              | Tinel’s sign
no apostrophe            | Tinel's sign              | Tinels sign
possessive left out      | Tinel's sign              | Tinel sign
article                  | medial branch             | the medial branch
article a                | needle                    | a needle
article an               | electrode                 | an electrode
article inside           | branch of the ramus       | branch of ramus
plural                   | medial branch             | medial branches
singular                 | dorsal rootlets           | dorsal rootlet
plural in -ies           | biopsy                    | biopsies
plural in -sses          | transverse process        | transverse processes
plural in -aches         | headache                  | headaches
plural in -xes           | reflex                    | reflexes
plural in -ses           | metastasis                | metastases
Latin plural             | ganglion                  | ganglia
Latin plural, two words  | dorsal ramus              | dorsal rami
UK spelling              | anesthesia                | anaesthesia
UK spelling inside       | A-delta fibers            | A delta fibres
UK blood                 | hemorrhage                | haemorrhage
UK ending                | cauterize                 | cauterise
UK head                  | edema                     | oedema
US spelling              | tumour                    | tumor
neurone                  | neuron                    | neurone
level with a space       | L4                        | L 4
level in small letters   | L4                        | l4
two levels               | L3 and L4                 | L3, L4
two levels, ampersand    | L3 and L4                 | L3 & L4
range of levels          | L4-L5                     | L4/L5
short range              | L4-5                      | L4/5
dash of any sort         | L4–L5                     | L4-L5
percent                  | 50%                       | 50 %
percent in words         | 50 %                      | 50 percent
per cent                 | 50 %                      | 50 per cent
degrees                  | 80 °C                     | 80 degrees C
degrees in words         | 80 °C                     | 80 degrees Celsius
no degree sign           | 80 °C                     | 80C
one sign for degrees     | 80 ℃                      | 80 °C
ordinal for degrees      | 80 °C                     | 80 ºC
both micro signs         | 5 µm                      | 5 μm
thousands                | 10,000                    | 10000
decimal comma            | 0.5                       | 0,5
no leading zero          | 0.5                       | .5
idle zero                | 80                        | 80.0
range                    | 5-10                      | 5 to 10
range with spaces        | 5-10                      | 5 - 10
minus sign               | -70 mV                    | −70 mV
minus in words           | -70 mV                    | minus 70 mV
power                    | 10²                       | 10^2
fraction                 | ½                         | 1/2
full width               | L4                        | Ｌ４
Roman numeral            | V                         | Ⅴ
Greek letter             | A-delta                   | A-δ
Greek letter joined      | A-delta                   | Aδ
at most                  | ≤ 5                       | <= 5
at least                 | ≥ 5                       | >= 5
nearly                   | 50 %                      | ≈ 50 %
digits of another script | L3                        | L٣
ampersand                | pain & touch              | pain and touch
soft hyphen              | sympathetic               | sym\u00adpathetic
no-break space           | medial branch             | medial\u00a0branch
emoji                    | 👍                        | 👍
Chinese                  | 三叉神经                   | 三叉神经
Arabic without points    | كَتَبَ                     | كتب
Hebrew without points    | שָׁלוֹם                     | שלום
Devanagari               | मेरुदंड                     | मेरुदंड
split Hangul             | 신경                       | 신경
half-width kana          | ノ                        | ﾉ
only a sign              | +                         | +
letter after an article  | vitamin A                 | vitamin a
letter before a word     | A fibers                  | a fibers
"""

NEVER = """
level                    | L3                        | L4
letter of a level        | T1                        | L1
neighbouring levels      | C5                        | C6
one level of two         | L3 and L4                 | L3
other level of two       | L3 and L4                 | L3 and L5
range for two levels     | L3 and L5                 | L3-L5
level run together       | L4-5                      | L45
side                     | left                      | right
side with a noun         | left foot                 | right foot
hypo, hyper              | hypotension               | hypertension
hyper, hypo              | hyperesthesia             | hypoesthesia
intra, inter             | intravertebral            | intervertebral
intra, extra             | intradural                | extradural
epi, sub                 | epidural                  | subdural
abduction, adduction     | abduction                 | adduction
abductor, adductor       | abductor hallucis         | adductor hallucis
medial, median           | medial nerve              | median nerve
medial, lateral          | medial branch             | lateral branch
dorsal, ventral          | dorsal root               | ventral root
afferent, efferent       | afferent                  | efferent
anterior, posterior      | anterior                  | posterior
inferior, interior       | inferior                  | interior
proximal, distal         | proximal                  | distal
ipsi, contra             | ipsilateral               | contralateral
pre, post                | preganglionic             | postganglionic
pre, pro                 | prescribe                 | proscribe
macro, micro             | macrovascular             | microvascular
milligram, microgram     | milligram                 | microgram
mg, µg                   | 5 mg                      | 5 µg
kHz, MHz                 | 500 kHz                   | 500 MHz
ten and one              | 1.0                       | 10
ten and a hundred        | 10                        | 100
one and a hundred        | 1.0                       | 100
ten, spaced              | 10                        | 1 0
a tenth                  | 5                         | .5
a tenth, reversed        | .5                        | 5
thousand                 | 1,000                     | 1.000
power                    | 10²                       | 102
power of ten             | 1.5^10                    | 1.5^1
version                  | 1.2.30                    | 1.2.3
negative power           | 10⁻³                      | 10³
number and a half        | 1½                        | 11/2
fraction, range          | 2/3                       | 2-3
ratio                    | 1:10                      | 1-10
sign                     | -70 mV                    | 70 mV
sign, reversed           | 70 mV                     | -70 mV
more, less               | > 50 %                    | < 50 %
more, exactly            | > 50 %                    | 50 %
plus or minus            | ±5                        | 5
arrow                    | ↑ tone                    | ↓ tone
unequal                  | ≠ 5                       | = 5
charge                   | Na+                       | Na
unit                     | 80 °C                     | 80 °F
no unit                  | 80 °C                     | 80
not                      | selective                 | not selective
not, reversed            | not selective             | selective
non                      | selective                 | non-selective
a typical                | atypical                  | a typical
without                  | with contrast             | without contrast
stable                   | unstable                  | stable
letter of a name         | vitamin A                 | vitamin
other letter             | vitamin A                 | vitamin B
letter of fibers         | A fibers                  | fibers
other fibers             | A fibers                  | C fibers
swallowing, speaking     | dysphagia                 | dysphasia
without speaking         | aphasia                   | aphagia
nerve, kidney            | neuropathy                | nephropathy
nerve, kidney, taken out | neurectomy                | nephrectomy
cut, taken out           | neurotomy                 | neurectomy
cut, kept open           | tracheotomy               | tracheostomy
lamina                   | laminotomy                | laminectomy
inflamed, worn           | arthritis                 | arthrosis
spine, worn, inflamed    | spondylosis               | spondylitis
spine, worn, broken      | spondylosis               | spondylolysis
perineum, fibula         | perineal                  | peroneal
peritoneum               | peritoneal                | perineal
bowel, hip               | ileum                     | ilium
tubes                    | ureteral                  | urethral
wrist, foot              | palmar                    | plantar
vagus                    | vagus                     | valgus
bent in, bent out        | valgus                    | varus
infected, injected       | infection                 | injection
infected, dead           | infection                 | infarction
dead, breached           | infarction                | infraction
upper arm, fluid         | humeral                   | humoral
elbow, windpipe          | trochlea                  | trachea
cheek, tooth             | malar                     | molar
tongue, brain            | lingual                   | lingula
jaw, breast              | maxillary                 | mamillary
face, sheath             | facial                    | fascial
lung, many               | pleural                   | plural
tail, cause              | caudal                    | causal
drawn back, bent         | retraction                | refraction
prostate                 | prostate                  | prostrate
pulsed                   | continuous                | contiguous
cyanide                  | phenol                    | phenyl
movement disorder, labor | dystonia                  | dystocia
cerebrum                 | cerebral                  | cervical
word order               | branch of the root        | root of the branch
half the answer          | medial branch             | medial
more than the answer     | medial branch             | medial branch block
a short slip             | root                      | foot
a long answer            | medial branch             | {letters}
another word             | rhizotomy                 | botulinum toxin
Chinese                  | 三叉神经痛射频治疗          | 三叉神经痛不射频治疗
Devanagari vowels        | पिता                       | पता
kana sounds              | か                        | が
Thai vowels              | กิน                        | กัน
Arabic letters           | كلب                       | قلب
emoji                    | 👍                        | 👎
sex                      | ♀                         | ♂
"""

CLOSE_BY = """
one letter missing       | rhizotomy                 | rizotomy
one vowel wrong          | rhizotomy                 | rhizatomy
y for i                  | rhizotomy                 | rhyzotomy
one consonant missing    | trigeminal                | trigemial
one letter too many      | spasticity                | spassticity
two letters swapped      | spasticity                | spastictiy
the key beside it        | rhizotomy                 | rhizoromy
a doubled letter         | Gasserian                 | Gaserian
two in a long word       | glossopharyngeal          | glosopharingeal
f for ph                 | glossopharyngeal          | glossofaryngeal
s for c                  | facet joint               | faset joint
in one word of two       | medial branch             | medial brench
both words               | foraminal stenosis        | foramenal stenosys
beside a right level     | L4 radiculopathy          | L4 radiculopaty
with an article          | rhizotomy                 | a rhizotmy
"""


def table(text: str) -> list[pytest.param]:  # type: ignore[valid-type]
    """Return the rows of a table: its name, then the answer wanted and the one given."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    escaped = {"\\u00ad": "\u00ad", "\\u00a0": "\u00a0", "{letters}": "x" * 5_000}
    for row in rows:
        for sign, char in escaped.items():
            row[2] = row[2].replace(sign, char)
    return [pytest.param(wanted, given, id=name) for name, wanted, given in rows]


@pytest.mark.parametrize(("wanted", "given"), table(FAIR))
def test_what_a_person_would_pass_is_right(wanted: str, given: str) -> None:
    assert mark_typed(given, (wanted,)).value == 1.0


@pytest.mark.parametrize(("wanted", "given"), table(NEVER))
def test_another_answer_is_neither_right_nor_close(wanted: str, given: str) -> None:
    assert mark_typed(given, (wanted,)).value == 0.0


@pytest.mark.parametrize(("wanted", "given"), table(CLOSE_BY))
def test_a_slip_in_a_long_word_is_close(wanted: str, given: str) -> None:
    mark = mark_typed(given, (wanted,))
    assert mark.value == CLOSE
    assert mark.partly
    assert mark.words == f"Close: did you mean “{wanted}”? You wrote “{given}”."


# Each of these is an answer in its own right, whichever of them was wanted.
CONFUSED = """
abducens/adducens abduction/adduction afferent/efferent anterior/interior antegrade/anterograde aphagia/aphasia
arterial/arteriole arteritis/arthritis arthritis/arthrosis cerebellar/cerebral continuous/contiguous costal/coastal
discectomy/discotomy dysphagia/dysphasia dysplasia/dysphasia dystonia/dystocia extension/extrusion facial/fascial
flexion/fluxion foraminotomy/foraminectomy glucagon/glycogen humeral/humoral hypalgesia/hyperalgesia
hypertonia/hypotonia ileal/iliac ileum/ilium infarction/infection infection/injection infusion/inclusion
intercostal/intracostal interosseous/intraosseous laminectomy/laminotomy lingual/lingula malar/molar
mamillary/maxillary medial/median medial/mesial mucous/mucus myelopathy/myopathy myelitis/myositis
nephrectomy/neurectomy nephropathy/neuropathy neural/neutral neurectomy/neurotomy neuritis/nephritis palmar/plantar
palpation/palpitation perineal/peroneal perineural/perineal peritoneal/perineal phenol/phenyl pleural/plural
prostate/prostrate radial/radical radicle/radical refraction/retraction resection/rejection rhizotomy/rhizectomy
sensory/sensible spondylitis/spondylosis spondylolysis/spondylosis spondylolisthesis/spondylolysis
stimulation/simulation superior/supination tarsal/torsal trachea/trochlea tracheostomy/tracheotomy transection/traction
ureter/urethra ureteral/urethral vagal/vagus valgus/vagus valgus/varus ventricular/vestibular vesical/vesicle
ablation/ablution callous/callus dilation/dilution fatal/fetal fecal/focal flexion/fluxion fraction/friction
hemostasis/homeostasis ileitis/iliitis intubation/incubation lamina/lumina mater/meter meatal/metal myotome/myotomy
nidal/nodal patent/patient patent/potent rectus/rictus reflex/reflux renin/rennin retinal/retinol section/suction
stroma/struma tophus/typhus valvar/vulvar velar/volar vertex/vortex viscous/viscus ureteritis/urethritis
""".split()


@pytest.mark.parametrize("pair", CONFUSED)
def test_words_that_are_confused_are_never_taken_for_each_other(pair: str) -> None:
    one, other = pair.split("/")
    assert mark_typed(one, (other,)).value == 0.0
    assert mark_typed(other, (one,)).value == 0.0
    assert mark_typed(f"left {one}", (f"left {other}",)).value == 0.0


# The words of the decks that come with the program, as learners write them. Pairs hold in both directions.
WARD_FAIR = """
dorsal rootlets            | Dorsal rootlets.
dorsal rootlets            | the dorsal rootlet
dorsal root ganglion       | dorsal-root ganglia
dorsal root entry zone     | Dorsal root entry zones
medial branch              | MEDIAL BRANCHES
medial branch nerve        | medial-branch nerves
dorsal ramus               | dorsal rami
cannula                    | cannulae
laminae                    | lamina
stimulus                   | stimuli
L3 medial branch           | L 3 medial branch
L3 and L4 medial branches  | L3 & L4 medial branches
L4-L5                      | L4/L5
T12-L2                     | T12–L2
C2/3                       | C2-3
Gasserian ganglion         | gasserian ganglion
Meckel's cave              | Meckels cave
Härtel route               | Hartel route
foramen ovale              | the foramen ovale
local anesthetic           | local anaesthetic
local anesthetic toxicity  | local anaesthetic toxicity
anesthesia dolorosa        | anaesthesia dolorosa
paresthesia                | paraesthesia
dysesthesia                | dysaesthesia
subarachnoid hemorrhage    | subarachnoid haemorrhage
spinal hematoma            | spinal haematoma
hematologist               | haematologist
alpha motor neurons        | α motor neurones
alpha motor neurons        | alpha-motor neuron
A-delta fibers             | Aδ fibres
C fibers                   | C fibres
gray matter                | grey matter
atropine sulfate           | atropine sulphate
catheterized               | catheterised
cauterization              | cauterisation
center of the lesion       | centre of the lesion
centered on the nerve      | centred on the nerve
paralyzed                  | paralysed
motion artifact            | motion artefact
operating theater          | operating theatre
tumor                      | tumour
physical therapy           | Physical  therapy
X-ray                      | x ray
C-arm                      | C arm
log roll                   | log-roll
log roll                   | logroll
radiofrequency             | radio-frequency
motor end plate            | motor end-plate
neuromuscular junction     | Neuro-muscular junction
cerebrospinal fluid        | cerebro-spinal fluid
non-reversible             | nonreversible
short-lived                | short lived
20% lipid emulsion         | 20 % lipid emulsion
20% lipid emulsion         | twenty percent lipid emulsion
80 °C                      | eighty degrees Celsius
45 °C                      | 45 degrees C
two nerves                 | 2 nerves
four                       | 4
two medial branches        | 2 medial branch
two to four weeks          | 2-4 weeks
2 to 4 weeks               | two to four weeks
six months                 | 6 months
five hundred kHz           | 500 kHz
one in a hundred           | 1 in 100
one hundred and twenty     | 120
V3                         | v 3
CN V                       | cn v
5 µg                       | 5 μg
0.5 mL                     | .5 ml
level III                  | Level Ⅲ
"""

WARD_NEVER = """
L3                         | L4
L3 medial branch           | L4 medial branch
L3 and L4                  | L4 and L5
L4-L5                      | L5-S1
L5                         | S5
T12                        | T2
C3                         | C5
C2-3                       | C3-4
third occipital nerve      | fourth occipital nerve
V1                         | V2
V2                         | V3
V2                         | VII
first division             | third division
fifth                      | fifty
eight                      | eighteen
eight                      | 80
8                          | 80
80                         | 800
8 °C                       | 80 °C
80 °C                      | 90 °C
80 °C                      | 80 °F
0.5 mL                     | 5 mL
five                       | fifteen
six weeks                  | six months
two                        | three
two weeks                  | too weeks
5 mg                       | 5 µg
5 mg                       | 5 mL
50 Hz                      | 50 kHz
2 Hz                       | 50 Hz
left                       | right
left side                  | right side
left L4 root               | right L4 root
ipsilateral                | contralateral
unilateral                 | bilateral
medial                     | lateral
medial branch              | lateral branch
medial branch              | intermediate branch
dorsal ramus               | ventral ramus
dorsal root                | ventral root
dorsal rootlets            | dorsal horn
anterior                   | posterior
superior articular process | inferior articular process
proximal                   | distal
caudal                     | cranial
internal                   | external
prone                      | supine
spine                      | supine
sensory                    | motor
sensory root               | motor root
afferent                   | efferent
afferents                  | efferents
flexor                     | extensor
flexion                    | extension
abduction                  | adduction
abductors                  | adductors
pronation                  | supination
inversion                  | eversion
hypotonia                  | hypertonia
hypotension                | hypertension
hypoesthesia               | hyperesthesia
hypothermia                | hyperthermia
hyponatremia               | hypernatremia
hypoglycemia               | hyperglycemia
bradycardia                | tachycardia
preoperative               | postoperative
pre-operative              | post-operative
preganglionic              | postganglionic
before the procedure       | after the procedure
intrathecal                | extrathecal
intradural                 | extradural
intracranial               | extracranial
intra-articular            | extra-articular
intra-articular            | periarticular
intravenous                | intra-arterial
intramuscular              | intravascular
epidural                   | subdural
epidural hematoma          | subdural hematoma
subarachnoid               | arachnoid
baclofen                   | botulinum toxin
baclofen                   | bupivacaine
baclofen                   | balloon
bupivacaine                | ropivacaine
bupivacaine                | levobupivacaine
lidocaine                  | prilocaine
carbamazepine              | oxcarbazepine
carbamazepine              | gabapentin
atropine                   | adrenaline
diazepam                   | lorazepam
diazepam                   | midazolam
prednisone                 | prednisolone
methylprednisone           | methylprednisolone
heparin                    | warfarin
ephedrine                  | epinephrine
phenol                     | glycerol
clonidine                  | quinidine
quinine                    | quinidine
morphine                   | hydromorphone
dantrolene                 | duloxetine
rhizotomy                  | rhizolysis
neurotomy                  | neurectomy
rhizotomy                  | cordotomy
cordotomy                  | commissurotomy
laminotomy                 | laminectomy
laminectomy                | laminoplasty
myelotomy                  | myotomy
spasticity                 | plasticity
spasticity                 | rigidity
spastic                    | dystonic
diplegia                   | hemiplegia
paraplegia                 | quadriplegia
paresis                    | plegia
neuralgia                  | neuropathy
radiculopathy              | myelopathy
keratitis                  | keratosis
analgesia                  | anesthesia
hypalgesia                 | hyperalgesia
numbness                   | weakness
allodynia                  | analgesia
continuous                 | pulsed
pulsed radiofrequency      | cooled radiofrequency
monopolar                  | bipolar
reversible                 | irreversible
permanent                  | temporary
ablative                   | non-ablative
facet joint                | disc
facial nerve               | fascial nerve
trigeminal                 | trochlear
glossopharyngeal           | hypoglossal
pons                       | medulla
conus                      | cornea
perineum                   | peritoneum
perineal                   | peroneal
sphincter                  | spindle
stricture                  | structure
positive                   | negative
increased                  | decreased
increases                  | decreases
more than 50 %             | less than 50 %
at least two               | at most two
sitting                    | standing
arm                        | leg
cut                        | not cut
"""

WARD_CLOSE = """
rhizotomy                  | rhizotmy
dorsal rootlets            | dorsal rootletts
spasticity                 | spastisity
trigeminal neuralgia       | trigeminal neuraliga
glycerol                   | glycerole
baclofen                   | baclofin
baclofen                   | baklofen
botulinum toxin            | botulinium toxin
bupivacaine                | bupivicaine
bupivacaine                | bupivacane
carbamazepine              | carbamezepine
oxcarbazepine              | oxcarbazapine
selective dorsal rhizotomy | selective dorsal rhizotomie
fluoroscopy                | flouroscopy
fluoroscopy                | floroscopy
radiofrequency             | radiofrequancy
multifidus                 | multifidis
keratitis                  | keratatis
neuromuscular junction     | neuromusclar junction
subarachnoid hemorrhage    | subarachnoid hemorrage
subarachnoid hemorrhage    | subarachnoid haemorrage
cerebrospinal fluid        | cerebrospinel fluid
conus medullaris           | conus medularis
foramen ovale              | foramen ovalle
Gasserian ganglion         | Gasserian ganglian
physiotherapy              | physiotherepy
withdrawal                 | withdrawl
benzodiazepine             | benzodiazapine
L4 medial branch           | L4 medial brench
left trigeminal ganglion   | left trigeminel ganglion
"""


def pairs(text: str) -> list[pytest.param]:  # type: ignore[valid-type]
    """Return the rows of a table of the answer wanted and the one given."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [pytest.param(*row, id=" | ".join(row)) for row in rows]


@pytest.mark.parametrize(("one", "other"), pairs(WARD_FAIR))
def test_of_two_ways_to_write_one_thing_either_is_right_for_the_other(one: str, other: str) -> None:
    assert mark_typed(one, (other,)).value == 1.0
    assert mark_typed(other, (one,)).value == 1.0


@pytest.mark.parametrize(("one", "other"), pairs(WARD_NEVER))
def test_of_two_things_neither_is_right_or_close_for_the_other(one: str, other: str) -> None:
    assert mark_typed(one, (other,)).value == 0.0
    assert mark_typed(other, (one,)).value == 0.0


@pytest.mark.parametrize(("wanted", "given"), pairs(WARD_CLOSE))
def test_a_slip_in_a_word_of_the_decks_is_close(wanted: str, given: str) -> None:
    assert mark_typed(given, (wanted,)).words == f"Close: did you mean “{wanted}”? You wrote “{given}”."
    assert mark_typed(given, (wanted,)).value == CLOSE


@pytest.mark.parametrize("given", ["", " ", "\n\t", "\u00a0\u2003"])
def test_nothing_is_no_answer(given: str) -> None:
    assert mark_typed(given, ("medial branch",)) == NOT_ANSWERED


@pytest.mark.parametrize("given", ["...", "-", "?!", "\u200b", "👍", "\x1b[31m"])
def test_signs_alone_are_a_wrong_answer(given: str) -> None:
    assert mark_typed(given, ("medial branch",)).value == 0.0


def test_every_accepted_answer_is_right_and_the_nearest_is_named() -> None:
    accepted = ("medial branch", "posterior primary ramus")
    assert mark_typed("Posterior primary rami", accepted).value == 1.0
    assert "“posterior primary ramus”" in mark_typed("posterior primery ramus", accepted).words


def test_a_rejected_answer_is_neither_right_nor_close() -> None:
    accepted, rejected = ("rhizotomy",), ("rhizotony",)
    assert mark_typed("rhizotmy", accepted).value == CLOSE
    assert mark_typed("Rhizotony", ("rhizotomy", "rhizotomies"), rejected).value == 0.0


def test_a_slip_of_a_rejected_answer_is_not_close_to_the_right_one() -> None:
    assert mark_typed("thermocoagulatoin", ("thermocoagulating",), ("thermocoagulation",)).value == 0.0


def test_a_rejected_plural_is_rejected_though_the_singular_is_right() -> None:
    assert mark_typed("dorsal roots", ("dorsal root",), ("dorsal roots",)).value == 0.0
    assert mark_typed("dorsal root", ("dorsal root",), ("dorsal roots",)).value == 1.0


def test_what_is_shown_of_an_answer_is_short_and_harmless() -> None:
    words = mark_typed("\x1b[2J" + "wrong\n" * 1000 + "\u202e", ("right",)).words
    assert words.isprintable()
    assert len(words) < 150


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("", "", 0),
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "ab", 1),
        ("abc", "abxc", 1),
        ("abc", "axc", 1),
        ("ca", "abc", 3),
        ("", "abc", 3),
        ("", "abcd", 4),
        ("abcdef", "uvwxyz", 4),
    ],
)
def test_distance_counts_edits_up_to_its_limit(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == distance(other, one) == edits
